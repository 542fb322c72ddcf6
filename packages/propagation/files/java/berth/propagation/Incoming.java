package berth.propagation;

import berth.propagation.asm.Label;
import berth.propagation.asm.MethodVisitor;
import berth.propagation.asm.Opcodes;

/** Requests that come in: the thread of a handler works under the mark of its request. */
final class Incoming {
  private static final String WORK = "berth/propagation/Work";

  private Incoming() {}

  static MethodVisitor httpServer(MethodVisitor next, int access, String name, String descriptor) {
    if (!name.equals("doFilter") || !descriptor.equals("(Lcom/sun/net/httpserver/HttpExchange;)V")) return null;
    String headers = "com/sun/net/httpserver/Headers";
    return new Handler(next) {
      @Override
      void pushBaggage() {
        visitVarInsn(Opcodes.ALOAD, 1);
        visitMethodInsn(
            Opcodes.INVOKEVIRTUAL, "com/sun/net/httpserver/HttpExchange", "getRequestHeaders", "()L" + headers + ";", false);
        visitLdcInsn("Baggage");
        visitMethodInsn(Opcodes.INVOKEVIRTUAL, headers, "get", "(Ljava/lang/Object;)Ljava/util/List;", false);
      }

      @Override
      String baggageType() {
        return "Ljava/util/List;";
      }
    };
  }

  /** Spring Boot's too. */
  static MethodVisitor tomcat(MethodVisitor next, int access, String name, String descriptor) {
    String request = "org/apache/coyote/Request";
    boolean isHandler = name.equals("service") || name.equals("asyncDispatch");
    if (!isHandler || !descriptor.startsWith("(L" + request + ";")) return null;
    return new Handler(next) {
      @Override
      void pushBaggage() {
        visitVarInsn(Opcodes.ALOAD, 1);
        visitLdcInsn("baggage");
        visitMethodInsn(Opcodes.INVOKEVIRTUAL, request, "getHeader", "(Ljava/lang/String;)Ljava/lang/String;", false);
      }
    };
  }

  static MethodVisitor asynchronous(MethodVisitor next, int access, String name, String descriptor) {
    if (!name.equals("startAsync")) return null;
    return new MethodVisitor(Opcodes.ASM9, next) {
      @Override
      public void visitCode() {
        super.visitCode();
        visitMethodInsn(Opcodes.INVOKESTATIC, WORK, "goOn", "()V", false);
      }
    };
  }

  static MethodVisitor jetty(MethodVisitor next, int access, String name, String descriptor) {
    String request = "org/eclipse/jetty/server/Request";
    if (!name.equals("handle") || !descriptor.startsWith("(L" + request + ";")) return null;
    String fields = "org/eclipse/jetty/http/HttpFields";
    return new Handler(next) {
      @Override
      void pushBaggage() {
        visitVarInsn(Opcodes.ALOAD, 1);
        visitMethodInsn(Opcodes.INVOKEINTERFACE, request, "getHeaders", "()L" + fields + ";", true);
        visitLdcInsn("baggage");
        visitMethodInsn(Opcodes.INVOKEINTERFACE, fields, "get", "(Ljava/lang/String;)Ljava/lang/String;", true);
      }
    };
  }

  /** A method that answers a request: enter before it, leave after it, also when it throws. */
  private abstract static class Handler extends MethodVisitor {
    private final Label start = new Label();

    Handler(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    abstract void pushBaggage();

    String baggageType() {
      return "Ljava/lang/String;";
    }

    @Override
    public void visitCode() {
      super.visitCode();
      pushBaggage();
      visitMethodInsn(Opcodes.INVOKESTATIC, WORK, "enter", "(" + baggageType() + ")V", false);
      super.visitLabel(start);
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) leave();
      super.visitInsn(opcode);
    }

    /** The handler for what is thrown comes behind the method's own, so those catch first. */
    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      Label failed = new Label();
      super.visitLabel(failed);
      super.visitFrame(Opcodes.F_FULL, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"});
      leave();
      super.visitInsn(Opcodes.ATHROW);
      super.visitTryCatchBlock(start, failed, failed, null);
      super.visitMaxs(maxStack, maxLocals);
    }

    private void leave() {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, WORK, "leave", "()V", false);
    }
  }
}
