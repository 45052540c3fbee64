// Package dockerfile answers what a build reads of its contexts.
//
// [Parse] reads the text of a Dockerfile; [File.Resolve] computes, for one
// target, one set of build arguments and one set of named contexts, which paths
// BuildKit asks of the build context and of each named context. Both are pure
// functions of their arguments: no file is opened and nothing is asked of a
// network, so what lies in a base image (its ENV, ONBUILD and WORKDIR) is not
// known. Where that could change the answer, the [Result] says so in
// [Result.Unknown].
//
// The answer is BuildKit's: the stages are walked as
// moby/buildkit v0.34.2 frontend/dockerfile/dockerfile2llb does, and whatever
// makes that conversion fail is an [*Error] here, because such a build sends
// nothing. Warnings of BuildKit's linter are not errors. Comments name
// the function that a piece of code follows.
package dockerfile
