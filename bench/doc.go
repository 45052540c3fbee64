// Command bench measures how fast ctxsize is, against what bounds it and against
// what people use instead, and writes the table of docs/performance.md.
//
// It makes the trees (trees.go), builds the reference in C and ctxsize itself
// (build.go), runs every pair of programs several times in turn (pairs.go,
// run.go) and reports ratios: what a machine does beside it hits both of a pair
// alike, and seconds say little about another machine. See README.md.
package main
