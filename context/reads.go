package buildcontext

// Reads is what the instructions of one build ask of one context. The zero
// value asks for nothing.
type Reads struct {
	// Used tells that an instruction uses the context, so that a transfer
	// happens at all. A tmpfs mount or a git source adds a path to Paths
	// without using the context.
	Used bool
	// Whole tells that the request has no list: everything eligible is sent.
	Whole bool
	// Paths is the request list that the builder hands to the client: cleaned,
	// below "/", sorted, without duplicates. Nil when Whole.
	Paths []string
	// Each is every read behind the list, in the order of the Dockerfile.
	Each []Read
}

// Read is one path that one instruction asks of a context.
type Read struct {
	// Path is the source below "/", cleaned, after expansion: "/" is the whole
	// context.
	Path string
	// Source is the source as written in the Dockerfile.
	Source string
	// Keyword is the instruction: "COPY", "ADD", "RUN" for a mount, or "FROM"
	// for a named context that a stage starts from.
	Keyword string
	// Text is the instruction as written, on one line.
	Text string
	// Line is the line of the Dockerfile where the instruction begins, from 1.
	Line int
	// Stage is the name of the stage, or its number from 0 where it has none.
	Stage string
	// Mount is the type of the mount ("bind" or "tmpfs") for a RUN, else empty.
	Mount string
	// Uses tells that the read uses the context (see [Reads.Used]).
	Uses bool
	// Wildcard tells that COPY or ADD treats Path as a pattern.
	Wildcard bool
	// Exclude holds the patterns of COPY --exclude. They never change what is sent.
	Exclude []string
}
