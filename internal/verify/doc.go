// Package verify runs the user's own builder and compares what it sends with
// what was predicted, transfer by transfer.
//
// Start with [Run]. No image is built. The classic client sends to a daemon of
// our own that only reads. BuildKit's clients send to the daemon that they are
// set up for, and are stopped when every transfer has ended; empty stand-ins
// take the place of base images, so that nothing is fetched and no RUN runs.
//
// Predictions come from internal/plan. This package knows programs and their
// output: it links none of their libraries.
package verify
