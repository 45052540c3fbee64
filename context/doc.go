// Package buildcontext measures a build context: what lies in the directory
// given to a builder, what of it the builder sends, and how many bytes that is.
//
// A source is read once; everything after is a pure function of what was read:
//
//	Source ──Scan──▶ Inventory ──Select(rules, reads)──▶ Selection ──Measure──▶ Measurement
//
// Start with [Scan], then [Select], then [Measure].
//
// The folder is called context, for that is the word of the field; the package
// is not, because it would collide with the standard library's in every file.
// Import it as buildcontext.
//
// Sizes are bytes, counts are entries, paths are relative to the context,
// separated by slashes and compared byte by byte; they need not be UTF-8.
package buildcontext
