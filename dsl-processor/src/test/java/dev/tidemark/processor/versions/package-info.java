/** Second versions of groups, each in a class of another name: what the first version stored must be theirs. */
package dev.tidemark.processor.versions;
