// Package plan prepares and runs one measurement: from a command line to the
// source, the Dockerfile, the ignore file, the reads, and what becomes of them.
// It is the one place where the parts are wired.
//
// Start with [Prepare], which reads the two build files, then [Run.Measure].
package plan
