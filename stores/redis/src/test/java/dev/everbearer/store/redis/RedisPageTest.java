package dev.everbearer.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.databases.RedisProcess;
import dev.everbearer.token.OAuthException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the page about the store compiles as it stands, and its user may do all it needs. */
class RedisPageTest {

  private static final Path PAGE = Path.of("../../docs/redis-store.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```java redis\\n(.*?)```");
  private static final Pattern USER = Pattern.compile("(?m)^ACL SETUSER (.*)$");

  private static final String IMPORTS =
      """
      import dev.everbearer.store.*;
      import dev.everbearer.store.redis.*;
      import io.lettuce.core.RedisClient;
      import io.lettuce.core.cluster.RedisClusterClient;
      import java.time.Duration;
      """;

  @TempDir Path directory;

  @Test
  void everyBlockCompiles() throws IOException {
    List<Path> files = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    while (blocks.find()) {
      files.add(file(blocks.group(1), "Block" + files.size()));
    }
    assertThat(files).hasSize(3);
    StringWriter complaints = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-d",
              directory.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      var units = manager.getJavaFileObjectsFromPaths(files);
      boolean compiles = compiler.getTask(complaints, manager, null, options, null, units).call();
      assertThat(compiles).as(complaints.toString()).isTrue();
    }
  }

  /** A whole program as it is; statements in a method around them. */
  private Path file(String block, String name) throws IOException {
    Matcher program = Pattern.compile("public class (\\w+)").matcher(block);
    if (program.find()) {
      return Files.writeString(directory.resolve(program.group(1) + ".java"), block);
    }
    String around = "class %s { void run(RedisClient redis, StoreKeys keys) {\n%s\n} }";
    return Files.writeString(
        directory.resolve(name + ".java"), IMPORTS + around.formatted(name, block));
  }

  @Test
  void theUserOfThePageMayDoWhatTheStoreDoesAndNothingElse() throws IOException {
    try (RedisProcess server = RedisProcess.start();
        RedisClient admin = server.client()) {
      RedisCommands<String, String> commands = admin.connect().sync();
      makeUser(commands);
      RedisURI uri =
          RedisURI.builder(server.uri()).withAuthentication("my-app", "password").build();
      try (RedisClient client = RedisClient.create(RedisProcess.resources(), uri)) {
        useAll(client, commands);
        Stores.write(RedisTokenStore.of(admin, Stores.KEYS), Stores.KEY, "there");
        RedisTokenStore elsewhere =
            RedisTokenStore.builder(client, Stores.KEYS).keyPrefix("other:").build();
        assertThatThrownBy(() -> elsewhere.read(Stores.KEY))
            .isInstanceOf(OAuthException.class)
            .hasMessageContaining("Could not read a grant (NOPERM)");
        commands.dispatch(
            CommandType.ACL,
            new StatusOutput<>(StringCodec.UTF8),
            new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("my-app").add("-hmget"));
        assertThatThrownBy(() -> RedisTokenStore.of(client, Stores.KEYS).read(Stores.KEY))
            .hasMessageContaining("Could not read a grant (NOPERM)");
      }
    }
  }

  private static void makeUser(RedisCommands<String, String> commands) throws IOException {
    Matcher user = USER.matcher(Files.readString(PAGE));
    assertThat(user.find()).isTrue();
    CommandArgs<String, String> words = new CommandArgs<>(StringCodec.UTF8).add("SETUSER");
    List.of(user.group(1).split(" ")).forEach(words::add);
    commands.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), words);
  }

  private static void useAll(RedisClient client, RedisCommands<String, String> admin) {
    Set<String> told = ConcurrentHashMap.newKeySet();
    try (RedisTokenStore store = RedisTokenStore.of(client, Stores.KEYS);
        var watch = store.watch(told::add)) {
      assertThat(watch).isNotNull();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Stores.write(store, Stores.KEY, "x") && !told.isEmpty());
      assertThat(store.list("client", null, 10)).hasSize(1);
      admin.hset(new Keys(Keys.PREFIX).grant(Stores.KEY), "record", "broken");
      assertThat(store.read(Stores.KEY).record().version()).isZero();
      assertThat(admin.keys("everbearer:corrupt:*")).hasSize(1);
    }
  }
}
