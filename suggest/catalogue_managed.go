package suggest

import "regexp"

var (
	gradle = above("build.gradle*", "settings.gradle*")
	sbt    = above("build.sbt")
	dotnet = beside("*.csproj", "*.fsproj", "*.vbproj", "*.vcxproj", "*.sqlproj", "*.esproj")
	slns   = above("*.sln", "*.slnx", "*.csproj", "*.fsproj", "*.vbproj")
)

var catalogueJVM = []*Rule{
	{
		ID: "maven-target", Title: "Maven build", Class: BuildOutput, Level: Ask, Names: words("target"),
		proof: all(beside("pom.xml"), inside("classes", "test-classes", "maven-status", "maven-archiver", "generated-sources", "*.jar", "*.war")), Again: "mvn package", Risk: "images made of a build on the host copy target/*.jar", AtRoot: true,
		Remade: regexp.MustCompile(`\bmvnw?\s(.*\s)?(package|verify|install|deploy)(\s|$)`),
	},
	{
		ID: "gradle-build", Title: "Gradle build", Class: BuildOutput, Level: Ask, Names: words("build"),
		proof: all(beside("build.gradle", "build.gradle.kts"), inside("classes", "libs", "tmp", "reports", "kotlin", "distributions", "test-results")), Again: "gradle build", Risk: "images made of a build on the host copy build/libs", AtRoot: true,
		Remade: regexp.MustCompile(`\bgradlew?\s(.*[\s:])?(build|assemble|jar|war|installDist|distTar|distZip|bootJar|bootWar|shadowJar|buildFatJar|nativeCompile)(\s|$)`),
	},
	{
		ID: "gradle-cache", Title: "Gradle's cache", Class: Cache, Level: Sure, Names: words(".gradle"),
		proof: gradle, Again: "gradle",
	},
	{
		ID: "sbt-target", Title: "sbt build", Class: BuildOutput, Level: Sure, Names: words("target"),
		proof: all(sbt, inside("streams", "scala-*", "global-logging", "task-temp-directory")), Again: "sbt compile", Risk: "images made of a build on the host copy from it", AtRoot: true,
	},
	{
		ID: "sbt-project-target", Title: "sbt's build of the build", Class: BuildOutput, Level: Sure, Names: words("project/target project/project"),
		proof: beside("build.sbt"), Again: "sbt", AtRoot: true,
	},
	{
		ID: "scala-tools", Title: "state of a Scala build server", Class: Cache, Level: Sure, Names: words(".bsp .bloop .metals project/metals.sbt"), kind: both,
		proof: either(sbt, above("build.sc", "build.mill", "pom.xml", "build.gradle*", "*.scala")), Again: "the editor",
	},
	{
		ID: "kotlin-sessions", Title: "Kotlin compiler's sessions", Class: Cache, Level: Sure, Names: words(".kotlin"),
		proof: gradle, Again: "gradle",
	},
	{
		ID: "java-classes", Title: "compiled Java beside its source", Class: BuildOutput, Level: Sure, Names: words("*.class"), kind: files,
		proof: all(header("a class file's header", begins("\xca\xfe\xba\xbe")), beside("*.java", "*.kt", "*.groovy", "*.scala")), Again: "javac",
	},
	{
		ID: "jvm-crash", Title: "report of a JVM crash", Class: Crash, Level: Sure, Names: words("hs_err_pid* replay_pid* .attach_pid*"), kind: files,
		proof: byName,
	},
	{
		ID: "heap-dump", Title: "Java heap dump", Class: Crash, Level: Sure, Names: words("*.hprof"), kind: files,
		proof: header("a heap dump's header", begins("JAVA PROFILE")), Risk: "none: it holds whatever the program held in memory", AtRoot: true,
	},
	{
		ID: "maven-repository", Title: "local Maven repository", Class: Dependencies, Level: Sure, Names: words(".m2/repository"),
		proof: beside("pom.xml", ".m2/settings.xml", "mvnw"), Again: "mvn", Closed: true,
	},
	{
		ID: "maven-leftovers", Title: "left by Maven's plugins", Class: Temporary, Level: Sure, Names: words("pom.xml.tag pom.xml.releaseBackup pom.xml.versionsBackup pom.xml.next .mvn/timing.properties"), kind: files,
		proof: beside("pom.xml"), Again: "mvn",
	},
	{
		ID: "clojure-cache", Title: "cache of Clojure tools", Class: Cache, Level: Sure, Names: words(".cpcache .lein-* .shadow-cljs .clj-kondo/.cache .lsp/.cache"), kind: both,
		proof: above("deps.edn", "project.clj", "shadow-cljs.edn"), Again: "clj or lein",
	},
}

var catalogueDotnet = []*Rule{
	{
		ID: "dotnet-obj", Title: ".NET intermediate files", Class: BuildOutput, Level: Sure, Names: words("obj"),
		proof: dotnet, Again: "dotnet build", Risk: "none: what was restored on another machine breaks the build", AtRoot: true,
	},
	{
		ID: "dotnet-bin", Title: ".NET build", Class: BuildOutput, Level: Sure, Names: words("bin"),
		proof: all(dotnet, inside("Debug", "Release")), Again: "dotnet build", Risk: "images made of a build on the host copy bin/Release", AtRoot: true,
	},
	{
		ID: "dotnet-bin-other", Title: "directory called bin", Class: BuildOutput, Level: Ask, Names: words("bin"),
		proof: all(dotnet, inside("*.dll", "*.exe", "x64", "x86")), Again: "dotnet build", Risk: "many repositories keep scripts in bin", AtRoot: true,
	},
	{
		ID: "dotnet-tests", Title: "results of .NET tests", Class: TestOutput, Level: Sure, Names: words("TestResults BenchmarkDotNet.Artifacts"),
		proof: slns, Again: "a test run",
	},
	{
		ID: "visual-studio", Title: "Visual Studio's state", Class: Editor, Level: Sure, Names: words(".vs *.suo *.csproj.user *.vcxproj.user *.fsproj.user *.vbproj.user *.dbmdl *.jfm .toolstarget _ReSharper* *.DotSettings.user *.rsuser .localhistory .ionide"), kind: both,
		proof: either(slns, above("CMakeLists.txt", "*.vcxproj")), Again: "the editor",
	},
	{
		ID: "nuget-packages", Title: "restored NuGet packages", Class: Dependencies, Level: Ask, Names: words("packages"),
		proof: all(beside("packages.config", "*.sln"), inside("repositories.config", "*.nupkg", "Newtonsoft.Json.*", "Microsoft.*", "System.*", "NUnit*", "EntityFramework.*")),
		Again: "nuget restore", Risk: "in other repositories it is source", AtRoot: true,
	},
	{
		ID: "nuget-cache", Title: "NuGet's cache", Class: Dependencies, Level: Sure, Names: words(".nuget/packages"),
		proof: byName, Again: "dotnet restore", Closed: true,
	},
	{
		ID: "dotnet-artifacts", Title: ".NET artifacts directory", Class: BuildOutput, Level: Ask, Names: words("artifacts"),
		proof: all(beside("Directory.Build.props"), inside("bin", "obj")), Again: "dotnet build", Risk: "images made of a build on the host copy from it", AtRoot: true,
		Remade: regexp.MustCompile(`\bdotnet\s+(build|publish|pack)\b`),
	},
}
