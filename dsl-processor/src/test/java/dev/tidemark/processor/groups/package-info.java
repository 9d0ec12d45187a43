/** Groups that the processor compiles together with the tests, and the tests run. */
package dev.tidemark.processor.groups;
