package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.processor.Compilations.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** The same sources give the same generated files, to the byte, wherever and whenever they are compiled. */
final class DeterminismTest {
    @Test
    void compilingTwiceGivesTheSameBytes() {
        assertThat(generated(Compilations.groups())).isEqualTo(generated(Compilations.groups()));
    }

    @Test
    void theOrderOfTheSourcesDoesNotMatter() {
        List<Source> reversed = new ArrayList<>(Compilations.groups());
        Collections.reverse(reversed);
        assertThat(generated(reversed)).isEqualTo(generated(Compilations.groups()));
    }

    @Test
    void eachGroupIsGeneratedFromItselfAlone() {
        Map<String, String> together = generated(Compilations.groups());
        for (Source group : Compilations.groups()) {
            assertThat(together).containsAllEntriesOf(generated(List.of(group)));
        }
    }

    @Test
    void neitherTheLocaleNorTheTimeZoneReachTheGeneratedCode() {
        Map<String, String> here = generated(Compilations.groups());
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            // In Turkish the lower case of I has no dot, and Arabic may have digits of its own.
            Locale.setDefault(new Locale("tr", "TR"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            assertThat(generated(Compilations.groups())).isEqualTo(here);
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(generated(Compilations.groups())).isEqualTo(here);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void classFilesOfAnEarlierCompilationDoNotStandInTheWay() throws ClassNotFoundException {
        Source group = Compilations.groups().get(0);
        assertThat(Class.forName(group.name() + "Group")).isNotNull();
        assertThat(generated(List.of(group))).hasSize(5);
    }

    @Test
    void linesEndInLineFeedsAlone() {
        assertThat(generated(Compilations.groups()).values())
                .allSatisfy(text -> assertThat(text).endsWith("}\n").doesNotContain("\r", "\t"));
    }

    private static Map<String, String> generated(List<Source> sources) {
        Compilations.Outcome outcome = Compilations.compile(sources);
        assertThat(outcome.said()).isEmpty();
        assertThat(outcome.generated()).hasSize(5 * sources.size());
        return outcome.generated();
    }
}
