// Package check is the gate: it measures a context as far as its limits need, and
// compares. A check that could not measure is an error, never a pass. Start at
// [Run].
package check
