package dev.tidemark.processor.validation;

import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GeneratedNames;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.schema.StorableReader;
import dev.tidemark.processor.validation.HandlerValidator.Handlers;
import dev.tidemark.processor.validation.InputValidator.Input;
import dev.tidemark.processor.validation.OutputValidator.Output;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Modifier;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * Checks a declaration from the outside in, and makes the model of it if nothing is wrong. A check whose ground has failed
 * is left out, so that one fault gives one message.
 */
public final class GroupValidator {
    private final Elements elements;
    private final Types types;
    private final Targets targets;

    /** The outcome: a report, and the model if there is no error in it. */
    public record Validated(ValidationReport report, Optional<GroupModel> model) {}

    /** With the tools of the compiler, and the runners that the groups are for. */
    public GroupValidator(Elements elements, Types types, Targets targets) {
        this.targets = targets;
        this.elements = elements;
        this.types = types;
    }

    /** Whether generated code may refer to the anchor at all. */
    public ValidationReport validateAnchor(GroupDeclaration group) {
        ValidationReport.Builder report = new ValidationReport.Builder();
        new AnchorValidator(elements, report).validate(group);
        return report.build();
    }

    /** Checks a group whose anchor is valid. */
    public Validated validate(GroupDeclaration group, GeneratedNames names) {
        ValidationReport.Builder report = new ValidationReport.Builder();
        StorableReader reader = new StorableReader(new StorableReader.Problems() {
            @Override
            public void fieldType(Site site, String message) {
                report.add(ErrorCode.FieldType, site, "%s", message);
            }

            @Override
            public void fieldNumber(Site site, String message) {
                report.add(ErrorCode.FieldNumber, site, "%s", message);
            }

            @Override
            public void typeShape(Site site, String message) {
                report.add(ErrorCode.TypeShape, site, "%s", message);
            }
        });
        Optional<GroupModel.Construction> construction =
                new AnchorValidator(elements, report).construction(group, types);
        Optional<String> name = new AnchorValidator(elements, report).name(group);
        String id = name.orElse("unnamed");
        Optional<TimeoutValidator.Times> times = new TimeoutValidator(report).validate(group);
        Optional<Input> input = new InputValidator(report, reader, names, id).validate(group, times);
        Optional<GroupModel.StateModel> state = new StateValidator(report, reader, id, targets).validate(group);
        Optional<Output> output = new OutputValidator(report, reader, names, id).validate(group);
        Optional<Handlers> handlers = new HandlerValidator(types, elements, report).validate(group, input, output);
        List<GroupModel.MigrationModel> migrations = new MigrationValidator(report, reader, id).validate(group);
        handlers.ifPresent(valid -> new TimeoutValidator(report).validateUse(group, valid));
        if (report.errors() > 0) {
            return new Validated(report.build(), Optional.empty());
        }
        GroupModel model = new GroupModel(
                names,
                name.orElseThrow(),
                group.anchor().getModifiers().contains(Modifier.PUBLIC),
                construction.orElseThrow(),
                input.orElseThrow().key(),
                input.orElseThrow().parts(),
                input.orElseThrow().composite(),
                input.orElseThrow().deduplicate(),
                state.orElseThrow(),
                output.orElseThrow().composite(),
                output.orElseThrow().outputs(),
                times.orElseThrow().timeout(),
                group.order().value(),
                times.orElseThrow().lateness(),
                group.late().value(),
                group.output().value(),
                group.atEnd().value(),
                times.orElseThrow().ttl(),
                group.onError(),
                handlers.orElseThrow().onEvent(),
                handlers.orElseThrow().batch(),
                handlers.orElseThrow().onTimeout(),
                handlers.orElseThrow().alarms(),
                handlers.orElseThrow().onExpire(),
                handlers.orElseThrow().onInitial(),
                migrations);
        targets.validate(group, model, report);
        return report.errors() > 0
                ? new Validated(report.build(), Optional.empty())
                : new Validated(report.build(), Optional.of(model));
    }
}
