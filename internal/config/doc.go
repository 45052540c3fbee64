// Package config reads what is configured: .ctxsize.yaml and the environment. It
// knows words and where they stand, and leaves to others what they are worth. Start
// at [Load] and [Settings]. It is the only importer of a YAML library.
package config
