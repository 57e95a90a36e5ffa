/** JSON Web Signatures and keys (RFC 7515 to 7519): checked strictly, computed by others. */
@NullMarked
package dev.everbearer.jose;

import org.jspecify.annotations.NullMarked;
