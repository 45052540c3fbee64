package suggest

// catalogueReports are what test runs, profilers and crashes leave beside the
// source, whatever the language.
var catalogueReports = []*Rule{
	{
		ID: "lcov", Title: "coverage data", Class: TestOutput, Level: Sure, Names: words("lcov.info lcov*.info *.lcov"), kind: files,
		proof: header("the first line of coverage data", begins("TN:", "SF:")), Again: "a test run",
	},
	{
		ID: "coverage-xml", Title: "coverage report", Class: TestOutput, Level: Sure, Names: words("coverage*.xml cobertura*.xml jacoco*.xml *cobertura.xml"), kind: files,
		proof: header("a coverage report's header", contains("<coverage", "<CoverageSession", "<report")), Again: "a test run", AtRoot: true,
	},
	{
		ID: "junit-xml", Title: "test report", Class: TestOutput, Level: Sure, Names: words("junit*.xml TEST-*.xml test-results.xml test-report.xml nosetests.xml"), kind: files,
		proof: header("a test report's header", contains("<testsuite")), Again: "a test run", AtRoot: true,
	},
	{
		ID: "tarpaulin", Title: "coverage report of Rust", Class: TestOutput, Level: Sure, Names: words("tarpaulin-report.*"), kind: files,
		proof: above("Cargo.toml"), Again: "cargo tarpaulin", AtRoot: true,
	},
	{
		ID: "go-cover-page", Title: "coverage report of Go", Class: TestOutput, Level: Sure, Names: words("cover*.html"), kind: files,
		proof: header("the title that go gives it", contains("Go Coverage Report")), Again: "go tool cover", AtRoot: true,
	},
	{
		ID: "go-profile", Title: "profile of a Go program", Class: TestOutput, Level: Sure, Names: words("*.prof *.pprof"), kind: files,
		proof: all(header("a compressed profile", begins("\x1f\x8b")), above("go.mod")), Again: "a profiled run", AtRoot: true,
	},
	{
		ID: "go-trace", Title: "trace of a Go program", Class: TestOutput, Level: Sure, Names: words("*.out *.trace"), kind: files,
		proof: header("a trace's first line", func(head []byte) bool { return begins("go 1.")(head) && contains(" trace\x00")(head) }), Again: "a traced run", AtRoot: true,
	},
	{
		ID: "perf-data", Title: "samples of perf", Class: TestOutput, Level: Sure, Names: words("perf.data perf.data.*"), kind: files,
		proof: header("it has perf's header", begins("PERFILE2")), Again: "perf record",
	},
	{
		ID: "flame-graph", Title: "flame graph", Class: TestOutput, Level: Sure, Names: words("flamegraph*.svg"), kind: files,
		proof: header("it says that it is one", contains("Flame Graph", "Flame graph", "flamegraph")), Again: "a profiled run", AtRoot: true,
	},
	{
		ID: "valgrind", Title: "what Valgrind and gprof wrote", Class: TestOutput, Level: Sure, Names: words("callgrind.out.* cachegrind.out.* massif.out.* gmon.out"), kind: files,
		proof: either(header("its first line", contains("desc:", "# callgrind", "version:", "events:")), header("gprof's header", begins("gmon"))), Again: "a profiled run", AtRoot: true,
	},
	{
		ID: "node-profile", Title: "snapshot or profile of Node", Class: Crash, Level: Sure, Names: words("*.heapsnapshot *.cpuprofile *.heapprofile"), kind: files,
		proof: header("it begins as one", begins(`{"snapshot"`, `{"nodes"`, `{"head"`, `{"samples"`)), Risk: "none: it holds whatever the program held in memory",
	},
	{
		ID: "network-capture", Title: "recorded network traffic", Class: Crash, Level: Sure, Names: words("*.pcap *.pcapng *.cap"), kind: files,
		proof: header("it has the header of a capture", begins("\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d", "\x0a\x0d\x0d\x0a")), Risk: "none: it holds whatever was sent", AtRoot: true,
	},
	{
		ID: "tensorboard", Title: "TensorBoard's events", Class: Log, Level: Sure, Names: words("events.out.tfevents.*"), kind: files,
		proof: byName, Again: "training",
	},
	{
		ID: "catboost-info", Title: "CatBoost's logs", Class: Log, Level: Sure, Names: words("catboost_info"),
		proof: inside("catboost_training.json", "learn"), Again: "training", AtRoot: true,
	},
}

// catalogueHomes are caches of package managers that somebody put into the project.
var catalogueHomes = []*Rule{
	{
		ID: "go-cache", Title: "Go's build cache", Class: Cache, Level: Sure, Names: words(".gocache .go-cache .cache/go-build"),
		proof: inside("trim.txt", "README", "00"), Again: "go build",
	},
	{
		ID: "go-mod-cache", Title: "fetched Go modules", Class: Dependencies, Level: Sure, Names: words(".go/pkg/mod .gopath/pkg/mod .cache/go-mod .gomodcache"),
		proof: inside("cache"), Again: "go mod download", Closed: true,
	},
	{
		ID: "cargo-home", Title: "fetched crates", Class: Dependencies, Level: Sure, Names: words(".cargo/registry .cargo/git .cargo-home/registry"),
		proof: inside("cache", "index", "src", "db", "checkouts"), Again: "cargo fetch", Risk: "offline builds read it", Closed: true,
	},
	{
		ID: "tool-caches", Title: "cache of a package manager", Class: Cache, Level: Sure, Names: words(".cache/pip .cache/uv .cache/pypoetry .cache/yarn .cache/pnpm .cache/pre-commit .cache/bazel .cache/composer .cache/ruff .cache/mypy .pip-cache .cache/node-gyp .cache/deno"),
		proof: byName, Again: "the package manager",
	},
	{
		ID: "model-cache", Title: "downloaded models", Class: Model, Level: Ask, Names: words(".cache/huggingface .cache/torch .cache/whisper"),
		proof: byName, Again: "a download", Risk: "images that bundle their model read it", Closed: true,
	},
	{
		ID: "vcpkg-installed", Title: "libraries that vcpkg built", Class: Dependencies, Level: Sure, Names: words("vcpkg_installed"),
		proof: inside("vcpkg"), Again: "vcpkg install", Closed: true,
	},
}

// catalogueStores are the data of servers that ran beside the source. Most of them
// lie in a directory of any name.
var catalogueStores = []*Rule{
	{
		ID: "elasticsearch-data", Title: "Elasticsearch's data", Class: Database, Level: Sure, Names: words("*"),
		proof: all(inside("node.lock"), inside("_state", "indices", "nodes")), Again: "the service", Exact: true, mark: "node.lock",
	},
	{
		ID: "minio-data", Title: "MinIO's data", Class: Database, Level: Sure, Names: words("*"),
		proof: inside(".minio.sys"), Again: "the service", Exact: true, mark: ".minio.sys",
	},
	{
		ID: "rocksdb-data", Title: "RocksDB or LevelDB database", Class: Database, Level: Sure, Names: words("*"),
		proof: all(inside("CURRENT"), inside("MANIFEST-*"), inside("LOCK", "*.sst", "*.ldb")), Again: "the application", Exact: true, mark: "CURRENT",
	},
	{
		ID: "prometheus-data", Title: "Prometheus' data", Class: Database, Level: Sure, Names: words("*"),
		proof: all(inside("chunks_head"), inside("wal")), Again: "the service", Exact: true, mark: "chunks_head",
	},
	{
		ID: "kafka-data", Title: "Kafka's data", Class: Database, Level: Sure, Names: words("*"),
		proof: all(inside("recovery-point-offset-checkpoint"), inside("meta.properties")), Again: "the service", Exact: true, mark: "recovery-point-offset-checkpoint",
	},
	{
		ID: "influxdb-data", Title: "InfluxDB's data", Class: Database, Level: Sure, Names: words("*"),
		proof: all(inside("influxd.bolt"), inside("engine")), Again: "the service", Exact: true, mark: "influxd.bolt",
	},
	{
		ID: "qdrant-data", Title: "Qdrant's data", Class: Database, Level: Sure, Names: words("*"),
		proof: all(inside("raft_state.json"), inside("collections")), Again: "the service", Exact: true, mark: "raft_state.json",
	},
	{
		ID: "etcd-data", Title: "etcd's data", Class: Database, Level: Sure, Names: words("member"),
		proof: all(inside("snap"), inside("wal")), Again: "the service", Exact: true,
	},
	{
		ID: "meilisearch-data", Title: "Meilisearch's data", Class: Database, Level: Sure, Names: words("data.ms"),
		proof: inside("instance-uid", "indexes", "tasks"), Again: "the service", AtRoot: true,
	},
	{
		ID: "neo4j-data", Title: "Neo4j database", Class: Database, Level: Sure, Names: words("databases/neo4j databases/system"),
		proof: inside("neostore"), Again: "the service", Exact: true,
	},
	{
		ID: "h2", Title: "H2 database", Class: Database, Level: Sure, Names: words("*.mv.db *.h2.db"), kind: files,
		proof: header("it has the H2 header", begins("H:2,", "-- H2 ")), Again: "the application", Risk: "an application may start from it", AtRoot: true,
	},
	{
		ID: "h2-trace", Title: "H2's trace", Class: Log, Level: Sure, Names: words("*.trace.db"), kind: files,
		proof: beside("*.mv.db", "*.h2.db"), Again: "the application", AtRoot: true,
	},
}
