package berth.propagation;

import berth.propagation.asm.ClassReader;
import berth.propagation.asm.ClassVisitor;
import berth.propagation.asm.ClassWriter;
import berth.propagation.asm.MethodVisitor;
import berth.propagation.asm.Opcodes;

/**
 * Adds calls of ours to the few methods that every request and every task passes. A class that does not look as we know it
 * keeps the methods that we do not find. What is added has no branches, so the frames of a method stay as they are.
 */
final class Patcher {
  /** Gives a method with our calls, or null when there is nothing to add. */
  interface Patch {
    MethodVisitor of(MethodVisitor next, int access, String name, String descriptor);
  }

  private Patcher() {}

  static byte[] patch(String className, byte[] bytes) {
    Patch patch = patchFor(className);
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            MethodVisitor patched = patch.of(next, access, name, descriptor);
            return patched == null ? next : patched;
          }
        },
        0);
    return writer.toByteArray();
  }

  private static Patch patchFor(String className) {
    switch (className) {
      case "com/sun/net/httpserver/Filter$Chain":
        return Incoming::httpServer;
      case "org/apache/catalina/connector/CoyoteAdapter":
        return Incoming::tomcat;
      case "org/apache/catalina/connector/Request":
        return Incoming::asynchronous;
      case "org/eclipse/jetty/server/Server":
        return Incoming::jetty;
      case "jdk/internal/net/http/HttpRequestImpl":
        return Outgoing::httpClient;
      case "sun/net/www/protocol/http/HttpURLConnection":
        return Outgoing::urlConnection;
      case "java/util/concurrent/CompletableFuture":
        return Tasks::future;
      case "java/util/concurrent/FutureTask":
        return Tasks::task;
      default:
        return Tasks::executor;
    }
  }
}
