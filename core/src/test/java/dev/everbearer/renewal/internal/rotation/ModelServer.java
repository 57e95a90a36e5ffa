package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.server.ReuseWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An authorization server as the model has it: refresh tokens are numbers, and each knows its
 * parent. A value: every use gives another one.
 *
 * @param kind what it does with a token that it has replaced
 * @param tokens all that it ever gave
 * @param isRevoked whether the grant is over, because a replaced token came
 * @param refused the tokens that it has refused
 */
record ModelServer(Kind kind, List<Token> tokens, boolean isRevoked, List<Integer> refused) {

  /** How long a window is open, in seconds. */
  static final int WINDOW = 10;

  /** What servers do. */
  enum Kind {
    /** A replaced token ends the grant. */
    STRICT,
    /** A replaced token is refused, and its successor lives on. */
    REFUSES,
    /** For a while the same successor comes again; then as strict. */
    SAME_CHILD,
    /** For a while another successor comes, and the one before is over; then as strict. */
    CHILD_INSTEAD,
    /** For a while another successor comes, and the one before lives on; then as strict. */
    CHILD_BESIDE,
    /** Tokens are not replaced. */
    KEEPS,
    /** As one that refuses, and is thought to be one where replaced tokens stay good. */
    MISJUDGED;

    ReuseWindow window() {
      ReuseWindow open = ReuseWindow.of(Duration.ofSeconds(WINDOW));
      return switch (this) {
        case STRICT -> ReuseWindow.none();
        case REFUSES -> ReuseWindow.unknown();
        case SAME_CHILD -> open.giving(ReuseWindow.Successor.SAME);
        case CHILD_INSTEAD -> open;
        case CHILD_BESIDE -> open.giving(ReuseWindow.Successor.BESIDE);
        case KEEPS, MISJUDGED -> ReuseWindow.unlimited();
      };
    }
  }

  /**
   * A refresh token.
   *
   * @param parent the number of the one that it was given for; -1 for that of a login
   * @param usedAt when it was first used; -1 when never
   * @param isLive whether the server takes it as the newest
   * @param login which login it comes from
   */
  record Token(int parent, int usedAt, boolean isLive, int login) {}

  /** What a request brought: a token, or a refusal (-1). */
  record Answer(ModelServer after, int child) {}

  static ModelServer of(Kind kind) {
    return new ModelServer(kind, List.of(new Token(-1, -1, true, 0)), false, List.of());
  }

  void appendTo(StringBuilder key) {
    for (Token token : tokens) {
      key.append(token.parent()).append(token.isLive() ? '+' : '-').append(token.usedAt());
      key.append('l').append(token.login()).append(' ');
    }
    key.append(isRevoked ? 'X' : ' ').append(refused);
  }

  boolean isLive(int token) {
    return !isOver(token) && tokens.get(token).isLive();
  }

  private boolean isOver(int token) {
    return isRevoked && tokens.get(token).login() == newestLogin();
  }

  int newestLogin() {
    return tokens.get(tokens.size() - 1).login();
  }

  /** A login begins another grant; the one before goes on at the server. */
  ModelServer login() {
    List<Token> all = new ArrayList<>(tokens);
    all.add(new Token(-1, -1, true, newestLogin() + 1));
    return new ModelServer(kind, all, false, refused);
  }

  Answer refresh(int token, int now) {
    Token used = tokens.get(token);
    if (isOver(token)) {
      return refusal(token, this);
    }
    if (kind == Kind.KEEPS) {
      return new Answer(this, token);
    }
    if (used.usedAt() < 0 && used.isLive()) {
      return child(token, now, false);
    }
    if (used.usedAt() < 0) {
      return refusal(token, reused(used));
    }
    boolean isInside = now <= used.usedAt() + WINDOW;
    return switch (kind) {
      case SAME_CHILD -> isInside ? sameChild(token, used) : refusal(token, reused(used));
      case CHILD_INSTEAD, CHILD_BESIDE ->
          isInside ? child(token, now, true) : refusal(token, reused(used));
      case STRICT, REFUSES, KEEPS, MISJUDGED -> refusal(token, reused(used));
    };
  }

  private Answer sameChild(int token, Token used) {
    for (int i = tokens.size() - 1; i >= 0; i--) {
      if (tokens.get(i).parent() == token) {
        return tokens.get(i).isLive() ? new Answer(this, i) : refusal(token, reused(used));
      }
    }
    throw new IllegalStateException("A used token has a child.");
  }

  private ModelServer reused(Token used) {
    boolean ends = kind != Kind.REFUSES && kind != Kind.MISJUDGED && used.login() == newestLogin();
    return new ModelServer(kind, tokens, isRevoked || ends, refused);
  }

  private static Answer refusal(int token, ModelServer after) {
    List<Integer> refused = new ArrayList<>(after.refused());
    if (!refused.contains(token)) {
      refused.add(token);
    }
    return new Answer(
        new ModelServer(after.kind(), after.tokens(), after.isRevoked(), refused), -1);
  }

  private Answer child(int token, int now, boolean isAgain) {
    List<Token> all = new ArrayList<>(tokens);
    Token used = tokens.get(token);
    int first = used.usedAt() < 0 ? now : used.usedAt();
    all.set(token, new Token(used.parent(), first, false, used.login()));
    if (isAgain && kind == Kind.CHILD_INSTEAD) {
      for (int i = 0; i < all.size(); i++) {
        Token other = all.get(i);
        if (other.parent() == token) {
          all.set(i, new Token(token, other.usedAt(), false, other.login()));
        }
      }
    }
    all.add(new Token(token, -1, true, used.login()));
    return new Answer(new ModelServer(kind, all, isRevoked, refused), all.size() - 1);
  }
}
