package dev.tidemark.processor.validation;

/** What a handler is called for. */
enum Call {
    EVENT("@OnEvent"),
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

    /** Whether something has passed, and not come. */
    boolean hasCause() {
        return this == TIMEOUT || this == ALARM || this == EXPIRY;
    }
}
