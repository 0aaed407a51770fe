// Builds the precompiled header.
