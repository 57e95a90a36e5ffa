package dev.everbearer.e2e.keycloak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks an archive whose entries all stand in one directory, without that directory. */
final class Unzip {

  private Unzip() {}

  static void withoutTopDirectory(Path zip, Path target) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        String name = entry.getName().replaceFirst("^[^/]*/", "");
        if (!entry.isDirectory()) {
          Files.createDirectories(within(target, name).getParent());
          Files.copy(in, within(target, name));
        }
      }
    }
  }

  private static Path within(Path target, String name) {
    Path path = target.resolve(name).normalize();
    if (!path.startsWith(target)) {
      throw new IllegalArgumentException("An entry of the archive points outside: " + name);
    }
    return path;
  }
}
