// Package lint finds what is wrong with an ignore file: lines that do nothing,
// lines that do something else than they seem to, and lines that cost more than
// they save.
//
// A [Rule] is data and one pure function from facts to findings. Start with
// [Check], which asks every rule; [Facts] says what they look at. What cannot be
// known is left out, and so are the findings that would need it: a false finding
// costs more than a missed one.
package lint
