package berth.propagation;

import java.util.Map;
import java.util.Set;
import berth.propagation.asm.MethodVisitor;
import berth.propagation.asm.Opcodes;
import berth.propagation.asm.Type;

/** What is handed to other threads. */
final class Tasks {
  private static final String CARRIED = "berth/propagation/Carried";
  private static final String RUNNABLE = "Ljava/lang/Runnable;";
  private static final String CALLABLE = "Ljava/util/concurrent/Callable;";
  private static final Set<String> FUNCTIONS =
      Set.of(
          RUNNABLE,
          "Ljava/util/function/Supplier;",
          "Ljava/util/function/Consumer;",
          "Ljava/util/function/BiConsumer;",
          "Ljava/util/function/Function;",
          "Ljava/util/function/BiFunction;");

  private Tasks() {}

  /** Every function that the public methods of CompletableFuture take. */
  static MethodVisitor future(MethodVisitor next, int access, String name, String descriptor) {
    if ((access & Opcodes.ACC_PUBLIC) == 0) return null;
    return new Arguments(next, access, descriptor) {
      @Override
      String carriedBy(String type) {
        return FUNCTIONS.contains(type) ? "of" : null;
      }
    };
  }

  private static final Map<String, String> OF_EXECUTORS = Map.of(RUNNABLE, "ofLambda", CALLABLE, "of");

  static MethodVisitor executor(MethodVisitor next, int access, String name, String descriptor) {
    if ((access & Opcodes.ACC_PUBLIC) == 0 || !(name.equals("execute") || name.equals("submit"))) return null;
    return new Arguments(next, access, descriptor) {
      @Override
      String carriedBy(String type) {
        return OF_EXECUTORS.get(type);
      }
    };
  }

  /** What AbstractExecutorService.submit and invokeAll make of a task. */
  static MethodVisitor task(MethodVisitor next, int access, String name, String descriptor) {
    if (!name.equals("<init>")) return null;
    return new MethodVisitor(Opcodes.ASM9, next) {
      @Override
      public void visitFieldInsn(int opcode, String owner, String field, String type) {
        if (opcode == Opcodes.PUTFIELD && field.equals("callable")) {
          super.visitVarInsn(Opcodes.ALOAD, 0);
          String carry = "(" + CALLABLE + "Ljava/lang/Object;)" + CALLABLE;
          super.visitMethodInsn(Opcodes.INVOKESTATIC, CARRIED, "of", carry, false);
        }
        super.visitFieldInsn(opcode, owner, field, type);
      }
    };
  }

  /** Replaces arguments by what carries them, before anything else of a method. */
  private abstract static class Arguments extends MethodVisitor {
    private final int access;
    private final String descriptor;

    Arguments(MethodVisitor next, int access, String descriptor) {
      super(Opcodes.ASM9, next);
      this.access = access;
      this.descriptor = descriptor;
    }

    /** Name of the method of Carried, or null for an argument that stays as it is. */
    abstract String carriedBy(String type);

    @Override
    public void visitCode() {
      super.visitCode();
      int at = (access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
      for (Type argument : Type.getArgumentTypes(descriptor)) {
        String type = argument.getDescriptor();
        String carry = carriedBy(type);
        if (carry != null) {
          visitVarInsn(Opcodes.ALOAD, at);
          visitMethodInsn(Opcodes.INVOKESTATIC, CARRIED, carry, "(" + type + ")" + type, false);
          visitVarInsn(Opcodes.ASTORE, at);
        }
        at += argument.getSize();
      }
    }
  }
}
