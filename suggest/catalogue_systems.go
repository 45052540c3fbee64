package suggest

import "regexp"

var catalogueRust = []*Rule{
	{
		ID: "cargo-target", Title: "Cargo build", Class: BuildOutput, Level: Sure, Names: words("target target-*"),
		proof: all(beside("Cargo.toml"), inside("CACHEDIR.TAG")), Again: "cargo build", Risk: "images made of a build on the host copy target/release", AtRoot: true,
	},
	{
		ID: "cargo-target-untagged", Title: "Cargo build without a tag", Class: BuildOutput, Level: Ask, Names: words("target"),
		proof: all(beside("Cargo.toml"), inside(".rustc_info.json", "debug", "release")), Again: "cargo build", Risk: "images made of a build on the host copy target/release", AtRoot: true,
		Remade: regexp.MustCompile(`\bcargo\s(.*\s)?build(\s|$)`),
	},
	{
		ID: "xwin-cache", Title: "cargo-xwin's cache", Class: Cache, Level: Sure, Names: words(".xwin-cache"),
		proof: beside("Cargo.toml"), Again: "cargo xwin",
	},
	{
		ID: "cargo-mutants", Title: "cargo-mutants' results", Class: TestOutput, Level: Sure, Names: words("mutants.out*"), kind: both,
		proof: above("Cargo.toml"), Again: "cargo mutants",
	},
	{
		ID: "llvm-profraw", Title: "raw coverage profiles", Class: TestOutput, Level: Sure, Names: words("*.profraw"), kind: files,
		proof: byName, Again: "a test run",
	},
	{
		ID: "rustfmt-backup", Title: "rustfmt's backups", Class: Temporary, Level: Sure, Names: words("*.rs.bk"), kind: files,
		proof: byName,
	},
}

var catalogueGo = []*Rule{
	{
		ID: "go-test-binary", Title: "compiled Go test", Class: BuildOutput, Level: Sure, Names: words("*.test"), kind: files,
		proof: all(header("a program's header", isProgram), above("go.mod")), Again: "go test -c", AtRoot: true,
	},
	{
		ID: "go-cover-profile", Title: "Go coverage profile", Class: TestOutput, Level: Sure, Names: words("*.coverprofile *.out coverage.txt"), kind: files,
		proof: header("a coverage profile's first line", begins("mode: ")), Again: "go test -coverprofile", Exact: true,
	},
	{
		ID: "delve-binary", Title: "program built for the debugger", Class: BuildOutput, Level: Sure, Names: words("__debug_bin*"), kind: files,
		proof: above("go.mod"), Again: "dlv debug",
	},
	{
		ID: "go-vendor", Title: "vendored Go modules", Class: Dependencies, Level: Recognized, Names: words("vendor"),
		proof: all(beside("go.mod"), inside("modules.txt")), Again: "go mod vendor", Risk: "offline builds read it", AtRoot: true,
	},
}

var (
	cmake    = above("CMakeLists.txt")
	cSources = beside("*.c", "*.cc", "*.cpp", "*.cxx", "*.m", "*.s", "*.S", "*.f90", "*.asm", "*.cu", "*.hs", "*.ml", "*.d", "*.nim", "*.zig")
)

var catalogueC = []*Rule{
	{
		ID: "cmake-build", Title: "CLion's build directory", Class: BuildOutput, Level: Sure, Names: words("cmake-build-*"),
		proof: cmake, Again: "cmake",
	},
	{
		ID: "cmake-build-dir", Title: "CMake build directory", Class: BuildOutput, Level: Sure, Names: words("build build-* *-build _build Build"),
		proof: inside("CMakeCache.txt"), Again: "cmake", Risk: "images made of a build on the host copy from it", AtRoot: true,
	},
	{
		// A build inside the source has CMakeLists.txt beside its cache.
		ID: "cmake-build-elsewhere", Title: "CMake build directory", Class: BuildOutput, Level: Sure, Names: words("*"),
		proof: all(inside("CMakeCache.txt"), without("CMakeLists.txt", "configure")), Again: "cmake", Risk: "images made of a build on the host copy from it", Exact: true, mark: "CMakeCache.txt",
	},
	{
		ID: "cmake-files", Title: "CMake's files beside the sources", Class: BuildOutput, Level: Sure, Names: words("CMakeFiles CMakeCache.txt CTestTestfile.cmake cmake_install.cmake"), kind: both,
		proof: beside("CMakeCache.txt", "CMakeFiles"), Again: "cmake", Risk: "none: what was configured on another machine breaks the build",
	},
	{
		ID: "cmake-deps", Title: "sources fetched by CMake", Class: Dependencies, Level: Sure, Names: words("_deps Testing"),
		proof: beside("CMakeCache.txt"), Again: "cmake", AtRoot: true,
	},
	{
		ID: "meson-build", Title: "Meson build directory", Class: BuildOutput, Level: Sure, Names: words("build builddir build-* _build"),
		proof: all(inside("meson-info"), inside("meson-private")), Again: "meson setup", AtRoot: true,
	},
	{
		ID: "objects", Title: "object files", Class: BuildOutput, Level: Sure, Names: words("*.o *.obj *.dyn_o"), kind: files,
		proof: all(header("an object file's header", isObject), cSources), Again: "make",
	},
	{
		ID: "a-out", Title: "compiled program", Class: BuildOutput, Level: Sure, Names: words("a.out"), kind: files,
		proof: header("a program's header", isProgram), Again: "a compiler",
	},
	{
		ID: "libraries", Title: "compiled libraries", Class: BuildOutput, Level: Ask, Names: words("*.a *.so *.dylib"), kind: files,
		proof: cSources, Again: "make", Risk: "prebuilt libraries have such names, too",
	},
	{
		ID: "gcov", Title: "coverage data of C", Class: TestOutput, Level: Sure, Names: words("*.gcda *.gcno"), kind: files,
		proof: byName, Again: "a test run",
	},
	{
		ID: "autotools-cache", Title: "Autoconf's cache", Class: Cache, Level: Sure, Names: words("autom4te.cache"),
		proof: above("configure.ac", "configure.in"), Again: "autoconf", AtRoot: true,
	},
	{
		ID: "compiler-cache", Title: "cache of a compiler or language server", Class: Cache, Level: Sure, Names: words(".ccache .sccache .cache/clangd .clangd/index .ccls-cache"),
		proof: byName, Again: "the compiler",
	},
	{
		ID: "bazel-links", Title: "Bazel's links to its outputs", Class: BuildOutput, Level: Sure, Names: words("bazel-*"), kind: links,
		proof: all(isLink, beside("MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel")), Again: "bazel build", AtRoot: true,
	},
	{
		ID: "buck", Title: "Buck's outputs", Class: BuildOutput, Level: Sure, Names: words("buck-out"),
		proof: beside(".buckconfig"), Again: "buck2 build", AtRoot: true,
	},
	{
		ID: "pants", Title: "Pants' working directory", Class: Cache, Level: Sure, Names: words(".pants.d .pids"),
		proof: beside("pants.toml"), Again: "pants",
	},
	{
		ID: "zig-cache", Title: "Zig's cache", Class: Cache, Level: Sure, Names: words(".zig-cache zig-cache"),
		proof: above("build.zig"), Again: "zig build",
	},
	{
		ID: "zig-out", Title: "Zig build", Class: BuildOutput, Level: Sure, Names: words("zig-out"),
		proof: beside("build.zig"), Again: "zig build", Risk: "images made of a build on the host copy it", AtRoot: true,
	},
	{
		ID: "dub", Title: "D's build", Class: BuildOutput, Level: Sure, Names: words(".dub"),
		proof: beside("dub.json", "dub.sdl"), Again: "dub build",
	},
	{
		ID: "nim-cache", Title: "Nim's cache", Class: Cache, Level: Sure, Names: words("nimcache nimblecache"),
		proof: above("*.nimble", "*.nim"), Again: "nim c",
	},
}
