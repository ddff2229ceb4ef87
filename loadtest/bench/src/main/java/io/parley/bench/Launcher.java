package io.parley.bench;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/// Runs the main method of a class, and ends the process where that fails, whatever threads there
/// are: nobody shall wait for a child that has nothing more to say.
public final class Launcher {

  private Launcher() {}

  /// Arguments: the name of the class, its arguments.
  public static void main(String[] arguments) throws ReflectiveOperationException {
    String[] others = Arrays.copyOfRange(arguments, 1, arguments.length);
    try {
      Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) others);
    } catch (InvocationTargetException e) {
      e.printStackTrace();
      System.exit(1);
    }
  }
}
