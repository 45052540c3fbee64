// Package treetest makes trees of files for tests, in memory or on disk.
//
// [Parse] reads a txtar archive: its files are the tree's, and lines of its
// comment make what an archive cannot hold:
//
//	filesize 1_000_000 path 'head'  a file of a size, zeros behind the head
//	symlink path -> target          a symbolic link
//	hardlink path -> first          another name for the file at first
//	mkdir path                      a directory, empty or not
//	chmod 0600 path                 permission bits
//
// A word in single quotes is the inside of a Go string, so that names may hold
// anything. Lines of any other form are left to the caller. Directories above a
// path make themselves. Every entry is of one time.
//
// A [Tree] is a [buildcontext.Source] itself; [Tree.Write] puts it on disk, where
// large files are sparse.
package treetest
