package dev.tidemark.runner;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the code against the table in docs/ARCHITECTURE.md: the drawing that people read is the rule. */
class ArchitectureTest {
    private static final String ROOT = "dev.tidemark.runner";
    private static final Pattern NAME = Pattern.compile("`([a-z]+)`");

    private record Room(String name, Set<String> mayKnow, String door) {
        boolean holds(JavaClass type) {
            return type.getPackageName().equals(name.equals("runner") ? ROOT : ROOT + "." + name);
        }
    }

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
    private final Map<String, Room> rooms = readTable();

    private static Map<String, Room> readTable() {
        Path drawing = Path.of("..", "docs", "ARCHITECTURE.md");
        Map<String, Room> rooms = new LinkedHashMap<>();
        try {
            boolean inTable = false;
            for (String line : Files.readAllLines(drawing)) {
                if (line.startsWith("| Room |")) {
                    inTable = true;
                } else if (inTable && !line.startsWith("|")) {
                    break;
                } else if (inTable && !line.startsWith("| ---")) {
                    String[] columns = line.split("\\|", -1);
                    String name = onlyName(columns[1]);
                    rooms.put(name, new Room(name, names(columns[3]), columns[4].trim()));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the drawing cannot be read: " + drawing.toAbsolutePath(), e);
        }
        return rooms;
    }

    private static String onlyName(String column) {
        Set<String> names = names(column);
        assertThat(names).hasSize(1);
        return names.iterator().next();
    }

    private static Set<String> names(String column) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(column);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private DescribedPredicate<JavaClass> in(Room room) {
        return describe("in room " + room.name(), room::holds);
    }

    private Room ownerOf(String door) {
        return rooms.values().stream()
                .filter(room -> room.door().equals(door))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no room owns the door to " + door));
    }

    private DescribedPredicate<JavaClass> outside(Room... owners) {
        return describe(
                "outside " + Set.of(owners), type -> Set.of(owners).stream().noneMatch(room -> room.holds(type)));
    }

    private static DescribedPredicate<JavaClass> named(String pattern) {
        Pattern regex = Pattern.compile(pattern);
        return describe(
                "named " + pattern, type -> regex.matcher(type.getName()).matches());
    }

    @Test
    void everyRoomHasARowAndEveryRowIsARoom() {
        Set<String> packages = classes.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.equals(ROOT) ? "runner" : name.substring(ROOT.length() + 1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages).containsExactlyInAnyOrderElementsOf(rooms.keySet());
    }

    @Test
    void aRoomUsesOnlyTheRoomsThatTheTableAllows() {
        for (Room room : rooms.values()) {
            for (Room other : rooms.values()) {
                if (!other.equals(room) && !room.mayKnow().contains(other.name())) {
                    noClasses()
                            .that(in(room))
                            .should()
                            .dependOnClassesThat(in(other))
                            .allowEmptyShould(true)
                            .check(classes);
                }
            }
        }
    }

    @Test
    void onlyJobHasThreadsAndLocks() {
        Room job = ownerOf("threads");
        noClasses()
                .that(outside(job))
                .should()
                .dependOnClassesThat(
                        named(
                                "java\\.util\\.concurrent\\.locks\\..*"
                                        + "|java\\.util\\.concurrent\\.(Executor|Thread|Scheduled|Future|Completable|ForkJoin|CountDown|Semaphore|.*BlockingQueue).*"))
                .check(classes);
        noClasses()
                .that(outside(job))
                .should()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callMethod(Thread.class, "start")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Object.class, "wait")
                .check(classes);
        for (JavaClass type : classes) {
            assertThat(type.getMethods())
                    .as("synchronized methods of %s", type.getName())
                    .noneMatch(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED));
        }
    }

    @Test
    void onlyTimeReadsTheClock() {
        noClasses()
                .that(outside(ownerOf("wall clock")))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(org.joda.time.Instant.class, "now")
                .orShould()
                .dependOnClassesThat(named("java\\.time\\.Clock"))
                .check(classes);
    }

    @Test
    void onlyStoreTouchesFiles() {
        noClasses()
                .that(outside(ownerOf("disk, RocksDB")))
                .should()
                .dependOnClassesThat(named("java\\.nio\\.(file|channels)\\..*|java\\.io\\.(File|RandomAccess).*"))
                .check(classes);
    }

    @Test
    void onlyStoreCallsRocksDb() {
        noClasses()
                .that(outside(ownerOf("disk, RocksDB")))
                .should()
                .dependOnClassesThat(named("org\\.rocksdb\\..*"))
                .check(classes);
    }

    @Test
    void onlyOperatorCallsTheDoFnRuntime() {
        noClasses()
                .that(outside(ownerOf("DoFn runtime")))
                .should()
                .dependOnClassesThat(
                        named("org\\.apache\\.beam\\.runners\\.core\\..*|.*\\.transforms\\.reflect\\.DoFnInvoker.*"))
                .check(classes);
    }

    @Test
    void onlyTranslateReadsThePipelineAndOnlyTheFrontDoorTakesOne() {
        noClasses()
                .that(outside(ownerOf("pipeline model"), ownerOf("runner API")))
                .should()
                .dependOnClassesThat(
                        named(
                                "org\\.apache\\.beam\\.sdk\\.(Pipeline|Pipeline\\$.*|PipelineResult|PipelineRunner)"
                                        + "|org\\.apache\\.beam\\.sdk\\.runners\\..*|org\\.apache\\.beam\\.sdk\\.transforms\\.PTransform"))
                .check(classes);
    }
}
