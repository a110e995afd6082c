// Package arch holds the rules of the code base that the compiler does not check, as
// tests that read the sources: which package may import which (docs/architecture.md),
// who may read the clock or make HTTP calls, and that no package keeps mutable state.
// It has no code of its own.
package arch
