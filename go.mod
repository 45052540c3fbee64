module github.com/ctxsize/ctxsize

go 1.26
