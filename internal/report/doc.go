// Package report renders results: text for people, JSON for machines. A renderer
// computes no number; it prints what it is given. Every name that comes from a
// file system passes through [Name] before it reaches a terminal or a log.
package report
