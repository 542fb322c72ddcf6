package berth.propagation;

import berth.propagation.asm.MethodVisitor;
import berth.propagation.asm.Opcodes;

/** Requests that go out. */
final class Outgoing {
  private static final String REQUEST = "jdk/internal/net/http/HttpRequestImpl";
  private static final String HEADERS = "java/net/http/HttpHeaders";
  private static final String CONNECTION = "sun/net/www/protocol/http/HttpURLConnection";
  private static final String MESSAGE_HEADER = "Lsun/net/www/MessageHeader;";

  private Outgoing() {}

  /**
   * The copies that are sent: of the app's request, and of one that was redirected. Not what the app builds, which it may
   * send again and again.
   */
  static MethodVisitor httpClient(MethodVisitor next, int access, String name, String descriptor) {
    boolean isSent = descriptor.startsWith("(Ljava/net/http/HttpRequest;") || descriptor.startsWith("(Ljava/net/URI;");
    if (!name.equals("<init>") || !isSent) return null;
    return new MethodVisitor(Opcodes.ASM9, next) {
      @Override
      public void visitInsn(int opcode) {
        if (opcode == Opcodes.RETURN) {
          visitVarInsn(Opcodes.ALOAD, 0);
          visitHeaders();
          visitHeaders();
          visitMethodInsn(Opcodes.INVOKEVIRTUAL, HEADERS, "map", "()Ljava/util/Map;", false);
          visitVarInsn(Opcodes.ALOAD, 0);
          visitFieldInsn(Opcodes.GETFIELD, REQUEST, "uri", "Ljava/net/URI;");
          String type = "(Ljava/lang/Object;Ljava/util/Map;Ljava/net/URI;)Ljava/lang/Object;";
          visitMethodInsn(Opcodes.INVOKESTATIC, "berth/propagation/HttpClientMark", "headers", type, false);
          visitTypeInsn(Opcodes.CHECKCAST, HEADERS);
          visitFieldInsn(Opcodes.PUTFIELD, REQUEST, "userHeaders", "L" + HEADERS + ";");
        }
        super.visitInsn(opcode);
      }

      private void visitHeaders() {
        visitVarInsn(Opcodes.ALOAD, 0);
        visitFieldInsn(Opcodes.GETFIELD, REQUEST, "userHeaders", "L" + HEADERS + ";");
      }
    };
  }

  static MethodVisitor urlConnection(MethodVisitor next, int access, String name, String descriptor) {
    if (!name.equals("writeRequests") || !descriptor.equals("()V")) return null;
    return new MethodVisitor(Opcodes.ASM9, next) {
      @Override
      public void visitCode() {
        super.visitCode();
        visitVarInsn(Opcodes.ALOAD, 0);
        visitFieldInsn(Opcodes.GETFIELD, CONNECTION, "requests", MESSAGE_HEADER);
        visitVarInsn(Opcodes.ALOAD, 0);
        visitMethodInsn(Opcodes.INVOKEVIRTUAL, CONNECTION, "getURL", "()Ljava/net/URL;", false);
        String type = "(" + MESSAGE_HEADER + "Ljava/net/URL;)V";
        visitMethodInsn(Opcodes.INVOKESTATIC, "berth/propagation/UrlConnectionMark", "write", type, false);
      }
    };
  }
}
