package dev.tidemark.processor.validation;

/** What a handler is called for. */
enum Call {
    EVENT("@OnEvent"),
    EVENTS("@OnEvents"),
    TIMEOUT("@OnTimeout"),
    ALARM("@OnAlarm"),
    EXPIRY("@OnExpire"),
    INITIAL("@OnInitial");

    private final String annotation;

    Call(String annotation) {
        this.annotation = annotation;
    }

    /** The annotation of the handler, as it is written. */
    String annotation() {
        return annotation;
    }

    /** Whether events come. */
    boolean isOfEvents() {
        return this == EVENT || this == EVENTS;
    }

    /** Whether something has passed, and not come. */
    boolean hasCause() {
        return this == TIMEOUT || this == ALARM || this == EXPIRY;
    }
}
