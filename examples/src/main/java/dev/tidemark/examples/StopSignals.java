package dev.tidemark.examples;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM: the first one asks for a clean stop, the second one ends the JVM at once. The class of the JDK that
 * does this is reached by reflection, because compilers warn of it; where it is missing, the JVM's own handling stays.
 */
final class StopSignals {
    /** What a shell reports of a program that SIGINT ended. */
    static final int INTERRUPTED = 130;

    private final AtomicReference<@Nullable String> received = new AtomicReference<>();
    private final Runnable stop;

    private StopSignals(Runnable stop) {
        this.stop = stop;
    }

    /** From now on the first signal runs {@code stop}, in a thread of its own. */
    static StopSignals listen(Runnable stop) {
        StopSignals signals = new StopSignals(stop);
        signals.handle("INT");
        signals.handle("TERM");
        return signals;
    }

    /** The exit code of a program that was stopped cleanly: asked to by SIGTERM it has done well. */
    int exitCode() {
        return "TERM".equals(received.get()) ? 0 : INTERRUPTED;
    }

    boolean any() {
        return received.get() != null;
    }

    private void handle(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(),
                    new Class<?>[] {handler},
                    (self, method, arguments) -> called(self, method, arguments, name));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ClassNotFoundException | NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            Console.debug("no handler for SIG" + name + ": " + e);
        } catch (InvocationTargetException e) {
            // Another part of the JVM has the signal, as with -Xrs.
            Console.debug("no handler for SIG" + name + ": " + e.getCause());
        }
    }

    private @Nullable Object called(Object self, Method method, @Nullable Object @Nullable [] arguments, String name) {
        return switch (method.getName()) {
            case "handle" -> {
                onSignal(name);
                yield null;
            }
            case "equals" -> arguments != null && arguments.length == 1 && arguments[0] == self;
            case "hashCode" -> System.identityHashCode(self);
            default -> "stop on SIG" + name;
        };
    }

    private void onSignal(String name) {
        if (received.compareAndSet(null, name)) {
            Thread stopping = new Thread(stop, "stop on SIG" + name);
            stopping.setDaemon(true);
            stopping.start();
        } else {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
    }
}
