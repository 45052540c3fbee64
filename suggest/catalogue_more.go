package suggest

import "regexp"

var catalogueFunctional = []*Rule{
	{
		ID: "stack-work", Title: "Stack build", Class: BuildOutput, Level: Sure, Names: words(".stack-work"),
		proof: above("stack.yaml", "*.cabal", "package.yaml"), Again: "stack build",
	},
	{
		ID: "cabal-dist", Title: "Cabal build", Class: BuildOutput, Level: Sure, Names: words("dist-newstyle"),
		proof: above("cabal.project*", "*.cabal"), Again: "cabal build",
	},
	{
		ID: "dune-build", Title: "Dune build", Class: BuildOutput, Level: Sure, Names: words("_build"),
		proof: beside("dune-project", "dune-workspace"), Again: "dune build", AtRoot: true,
	},
	{
		ID: "ocaml-objects", Title: "compiled OCaml beside its source", Class: BuildOutput, Level: Sure, Names: words("*.cmi *.cmo *.cmx *.cmt *.cmti"), kind: files,
		proof: header("it has the header of compiled OCaml", begins("Caml1999")), Again: "ocamlc",
	},
	{
		ID: "haskell-interfaces", Title: "compiled Haskell beside its source", Class: BuildOutput, Level: Sure, Names: words("*.hi *.dyn_hi"), kind: files,
		proof: either(beside("*.hs", "*.lhs"), header("it has the header of an interface", begins("\x01\xfa\xce"))), Again: "ghc",
	},
	{
		ID: "haskell-tools", Title: "left by Haskell tools", Class: Cache, Level: Sure, Names: words(".hie .hpc *.tix .ghc.environment.*"), kind: both,
		proof: above("*.cabal", "stack.yaml", "package.yaml", "cabal.project*"), Again: "the tool",
	},
	{
		ID: "opam-switch", Title: "local opam switch", Class: Dependencies, Level: Sure, Names: words("_opam _esy"),
		proof: either(inside(".opam-switch"), beside("dune-project", "*.opam", "esy.json")), Again: "opam switch create", Closed: true,
	},
	{
		ID: "elm-stuff", Title: "Elm's cache", Class: Cache, Level: Sure, Names: words("elm-stuff"),
		proof: beside("elm.json"), Again: "elm make",
	},
	{
		ID: "spago", Title: "PureScript packages", Class: Dependencies, Level: Sure, Names: words(".spago"),
		proof: beside("spago.*"), Again: "spago install", Closed: true,
	},
	{
		ID: "purescript-output", Title: "compiled PureScript", Class: BuildOutput, Level: Ask, Names: words("output"),
		proof: all(beside("spago.*"), inside("cache-db.json")), Again: "spago build", Risk: "images made of a build on the host copy it", AtRoot: true,
	},
	{
		ID: "racket-compiled", Title: "compiled Racket", Class: Cache, Level: Sure, Names: words("compiled"),
		proof: all(beside("*.rkt"), inside("*.zo", "*.dep")), Again: "raco make", AtRoot: true,
	},
	{
		ID: "lake", Title: "Lean build", Class: BuildOutput, Level: Sure, Names: words(".lake lake-packages"),
		proof: beside("lakefile.*"), Again: "lake build", Closed: true,
	},
	{
		ID: "perl-blib", Title: "Perl build", Class: BuildOutput, Level: Sure, Names: words("blib"),
		proof: beside("Makefile.PL", "Build.PL"), Again: "make", AtRoot: true,
	},
	{
		ID: "carton-local", Title: "installed Perl modules", Class: Dependencies, Level: Sure, Names: words("local"),
		proof: all(beside("cpanfile"), inside("lib/perl5")), Again: "carton install", AtRoot: true,
	},
	{
		ID: "rstudio", Title: "RStudio's state", Class: Editor, Level: Sure, Names: words(".Rproj.user .Rhistory"), kind: both,
		proof: byName, Again: "the editor",
	},
	{
		ID: "r-workspace", Title: "saved R workspace", Class: Cache, Level: Sure, Names: words(".RData"), kind: files,
		proof: beside("*.Rproj", "*.R", "*.Rmd", "DESCRIPTION"), Again: "R",
	},
	{
		ID: "knitr-cache", Title: "knitr's cache", Class: Cache, Level: Ask, Names: words("*_cache"),
		proof: beside("*.Rmd", "*.qmd", "*.Rnw"), Again: "knitr", Risk: "other things have such names",
	},
	{
		ID: "renv-library", Title: "installed R packages", Class: Dependencies, Level: Sure, Names: words("renv/library renv/staging"),
		proof: beside("renv.lock"), Again: "renv::restore()", Closed: true, AtRoot: true,
	},
}

var catalogueApple = []*Rule{
	{
		ID: "swift-build", Title: "Swift build", Class: BuildOutput, Level: Sure, Names: words(".build"),
		proof: beside("Package.swift"), Again: "swift build", Risk: "images made of a build on the host copy .build/release",
	},
	{
		ID: "swiftpm", Title: "Xcode's state for a package", Class: Editor, Level: Sure, Names: words(".swiftpm"),
		proof: beside("Package.swift"), Again: "the editor",
	},
	{
		ID: "derived-data", Title: "Xcode build", Class: BuildOutput, Level: Sure, Names: words("DerivedData"),
		proof: above("*.xcodeproj", "*.xcworkspace", "Package.swift"), Again: "xcodebuild",
	},
	{
		ID: "xcuserdata", Title: "Xcode's state", Class: Editor, Level: Sure, Names: words("xcuserdata"),
		proof: byName, Again: "the editor",
	},
	{
		ID: "carthage", Title: "Carthage builds", Class: Dependencies, Level: Sure, Names: words("Carthage/Build Carthage/Checkouts"),
		proof: beside("Cartfile"), Again: "carthage bootstrap", Closed: true, AtRoot: true,
	},
	{
		ID: "pods", Title: "installed CocoaPods", Class: Dependencies, Level: Sure, Names: words("Pods"),
		proof: beside("Podfile"), Again: "pod install", AtRoot: true,
	},
}

var catalogueMobile = []*Rule{
	{
		ID: "android-build", Title: "Android build", Class: BuildOutput, Level: Sure, Names: words("android/build android/.gradle android/app/build android/app/.cxx ios/build"),
		proof: beside("package.json", "pubspec.yaml"), Again: "gradle", AtRoot: true,
	},
	{
		ID: "dart-tool", Title: "Dart's cache", Class: Cache, Level: Sure, Names: words(".dart_tool .packages .flutter-plugins .flutter-plugins-dependencies"), kind: both,
		proof: beside("pubspec.yaml"), Again: "dart pub get",
	},
	{
		ID: "pub-cache", Title: "fetched Dart packages", Class: Dependencies, Level: Sure, Names: words(".pub-cache"),
		proof: above("pubspec.yaml"), Again: "dart pub get", Closed: true,
	},
	{
		ID: "flutter-build", Title: "Flutter build", Class: BuildOutput, Level: Ask, Names: words("build"),
		proof: beside("pubspec.yaml"), Again: "flutter build", Risk: "images of a web build copy build/web", AtRoot: true,
		Remade: regexp.MustCompile(`\bflutter\s(.*\s)?build\s`),
	},
}

var hugo = beside("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config/_default")

var catalogueSites = []*Rule{
	{
		ID: "jekyll-site", Title: "built Jekyll or Eleventy site", Class: BuildOutput, Level: Sure, Names: words("_site"),
		proof: beside("_config.yml", "_config.toml", "eleventy.config.*", ".eleventy.js"), Again: "jekyll build", Risk: "images that publish the site copy it", AtRoot: true,
	},
	{
		ID: "jekyll-cache", Title: "Jekyll's cache", Class: Cache, Level: Sure, Names: words(".jekyll-cache .jekyll-metadata"), kind: both,
		proof: beside("_config.yml", "_config.toml"), Again: "jekyll build",
	},
	{
		ID: "sass-cache", Title: "Sass' cache", Class: Cache, Level: Sure, Names: words(".sass-cache"),
		proof: byName, Again: "sass",
	},
	{
		ID: "hugo-public", Title: "built Hugo site", Class: BuildOutput, Level: Ask, Names: words("public"),
		proof: hugo, Again: "hugo", Risk: "images that publish the site copy it", AtRoot: true,
		Remade: regexp.MustCompile(`\bhugo(\s+(-|build\b)|\s*$)`),
	},
	{
		ID: "hugo-resources", Title: "Hugo's cache", Class: Cache, Level: Sure, Names: words("resources/_gen .hugo_build.lock"), kind: both,
		proof: hugo, Again: "hugo", AtRoot: true,
	},
}

var (
	unity  = beside("ProjectSettings/ProjectVersion.txt", "Assembly-CSharp.csproj")
	unreal = beside("*.uproject")
)

var catalogueGames = []*Rule{
	{
		ID: "unity-library", Title: "Unity's cache", Class: Cache, Level: Sure, Names: words("Library Temp Obj Logs MemoryCaptures UserSettings"),
		proof: unity, Again: "the Unity editor", AtRoot: true,
	},
	{
		ID: "unity-builds", Title: "Unity builds", Class: BuildOutput, Level: Ask, Names: words("Build Builds"),
		proof: unity, Again: "a build", Risk: "images of a server copy it", AtRoot: true,
	},
	{
		ID: "unreal-intermediate", Title: "Unreal's intermediate files", Class: Cache, Level: Sure, Names: words("Intermediate Saved DerivedDataCache"),
		proof: unreal, Again: "the Unreal editor", AtRoot: true,
	},
	{
		ID: "unreal-binaries", Title: "Unreal build", Class: BuildOutput, Level: Ask, Names: words("Binaries"),
		proof: unreal, Again: "a build", Risk: "images of a server copy it", AtRoot: true,
	},
	{
		ID: "godot-import", Title: "Godot's imported assets", Class: Cache, Level: Sure, Names: words(".godot .import"),
		proof: beside("project.godot"), Again: "the Godot editor", Risk: "images that export the game need them",
	},
}

var catalogueCloud = []*Rule{
	{
		ID: "terraform", Title: "Terraform's providers and modules", Class: Dependencies, Level: Sure, Names: words(".terraform"),
		proof: beside("*.tf", "*.tofu", ".terraform.lock.hcl"), Again: "terraform init", Closed: true,
	},
	{
		ID: "terraform-state", Title: "Terraform state", Class: Credentials, Level: Sure, Names: words("*.tfstate *.tfstate.backup *.tfstate.*"), kind: files,
		proof: either(header("a state's header", contains(`"terraform_version"`)), beside("*.tf", "*.tofu")), Risk: "none: it holds secrets in plain text",
	},
	{
		ID: "terraform-vars", Title: "Terraform variables", Class: Credentials, Level: Sure, Names: words("*.tfvars *.tfvars.json"), kind: files,
		proof: beside("*.tf", "*.tofu"), Risk: "images that run terraform may need them", AtRoot: true,
	},
	{
		ID: "terraform-plan", Title: "Terraform plan", Class: Credentials, Level: Sure, Names: words("*.tfplan tfplan"), kind: files,
		proof: all(header("an archive's header", isArchive), beside("*.tf", "*.tofu")), Again: "terraform plan", Risk: "none: it holds secrets in plain text",
	},
	{
		ID: "infracost", Title: "Infracost's cache", Class: Cache, Level: Sure, Names: words(".infracost"),
		proof: above("*.tf", "*.tofu", "infracost.yml"), Again: "infracost",
	},
	{
		ID: "terragrunt-cache", Title: "Terragrunt's cache", Class: Cache, Level: Sure, Names: words(".terragrunt-cache"),
		proof: above("terragrunt.hcl", "root.hcl"), Again: "terragrunt",
	},
	{
		ID: "cdk-out", Title: "synthesised CDK stack", Class: BuildOutput, Level: Sure, Names: words("cdk.out .cdk.staging cdktf.out"),
		proof: beside("cdk.json", "cdktf.json"), Again: "cdk synth", AtRoot: true,
	},
	{
		ID: "aws-sam", Title: "AWS SAM build", Class: BuildOutput, Level: Sure, Names: words(".aws-sam"),
		proof: beside("template.yaml", "template.yml", "samconfig.*"), Again: "sam build",
	},
	{
		ID: "vagrant", Title: "Vagrant's machines", Class: Credentials, Level: Sure, Names: words(".vagrant"),
		proof: beside("Vagrantfile"), Again: "vagrant up",
	},
	{
		ID: "helm-charts", Title: "fetched Helm charts", Class: Dependencies, Level: Ask, Names: words("charts"),
		proof: all(beside("Chart.yaml"), inside("*.tgz")), Again: "helm dependency build", Risk: "images that ship charts copy them", AtRoot: true,
	},
	{
		ID: "helm-dev-values", Title: "Helm values for development", Class: Credentials, Level: Sure, Names: words("secrets.dev.yaml values.dev.yaml"), kind: files,
		proof: beside("Chart.yaml"), AtRoot: true,
	},
	{
		ID: "packer-cache", Title: "Packer's cache", Class: Cache, Level: Sure, Names: words("packer_cache"),
		proof: beside("*.pkr.hcl", "packer.json"), Again: "packer build", AtRoot: true,
	},
	{
		ID: "devcontainer", Title: "development container", Class: CI, Level: Ask, Names: words(".devcontainer"),
		proof: inside("devcontainer.json"), Committed: true, Risk: "a build of that container may copy from it", AtRoot: true,
	},
	{
		ID: "compose-files", Title: "Compose and other Docker files", Class: CI, Level: Ask, Names: words("docker-compose*.yml docker-compose*.yaml compose.yml compose.yaml compose.*.yml compose.*.yaml docker-bake.hcl Dockerfile Dockerfile.* *.Dockerfile"), kind: files,
		proof: byName, Committed: true, Risk: "images may copy files of such names", AtRoot: true,
	},
}

var catalogueML = []*Rule{
	{
		ID: "wandb", Title: "Weights & Biases runs", Class: Log, Level: Sure, Names: words("wandb"),
		proof: inside("latest-run", "run-*", "offline-run-*"), Again: "training", AtRoot: true,
	},
	{
		ID: "mlruns", Title: "MLflow runs", Class: Log, Level: Sure, Names: words("mlruns"),
		proof: inside("0/meta.yaml", ".trash", "models"), Again: "training", Risk: "images that serve the model may read it", AtRoot: true,
	},
	{
		ID: "lightning-logs", Title: "Lightning's logs", Class: Log, Level: Sure, Names: words("lightning_logs"),
		proof: inside("version_*"), Again: "training", AtRoot: true,
	},
	{
		ID: "training-runs", Title: "directory called runs", Class: Log, Level: Ask, Names: words("runs"),
		proof: all(python, without("__init__.py", "*.py")), Again: "training", Risk: "the name is vague", AtRoot: true,
	},
	{
		ID: "dvc-cache", Title: "DVC's cache", Class: Cache, Level: Sure, Names: words(".dvc/cache .dvc/tmp"),
		proof: beside(".dvc/config"), Again: "dvc pull",
	},
	{
		ID: "model-weights", Title: "model weights", Class: Model, Level: Recognized, Names: words("*.safetensors *.gguf *.ggml *.pt *.pth *.ckpt *.onnx *.h5 *.tflite"), kind: files,
		proof: all(byName, heavy), Risk: "images bundle their model",
	},
}

var catalogueMore = []*Rule{
	{
		ID: "colcon", Title: "ROS 2 workspace build", Class: BuildOutput, Level: Ask, Names: words("install log build"),
		proof: inside("COLCON_IGNORE"), Again: "colcon build", Risk: "images made of a build on the host copy install", AtRoot: true,
	},
	{
		ID: "nix-result", Title: "link to a Nix build", Class: BuildOutput, Level: Sure, Names: words("result result-*"), kind: links,
		proof: all(isLink, beside("flake.nix", "default.nix", "shell.nix")), Again: "nix build", AtRoot: true,
	},
	{
		ID: "direnv", Title: "direnv's cache", Class: Cache, Level: Sure, Names: words(".direnv .devenv"),
		proof: above(".envrc", "flake.nix", "shell.nix", "devenv.nix"), Again: "direnv",
	},
	{
		ID: "cachedir-tag", Title: "directory that is tagged as a cache", Class: Cache, Level: Sure, Names: words("*"),
		proof: taggedAsCache, Again: "the tool that wrote it", Exact: true, mark: "CACHEDIR.TAG",
	},
	{
		ID: "browsers", Title: "browsers of a test tool", Class: Dependencies, Level: Sure, Names: words(".playwright .playwright-browsers ms-playwright .puppeteer .chromium"),
		proof: inside("chromium-*", "chromium_*", "firefox-*", "webkit-*", "chrome", "chrome-*"), Again: "an install of the tool", Risk: "images that bundle browsers copy them", Closed: true,
	},
	{
		ID: "tilde", Title: "directory that a mistyped setting made", Class: Temporary, Level: Sure, Names: words("~"),
		proof: byName, AtRoot: true,
	},
	{
		ID: "kept-directories", Title: "what lies in a directory that a placeholder keeps", Class: Temporary, Level: Sure, Names: words("tmp temp cache caches sessions uploads upload log logs pids sockets"),
		proof: inside(keepers...), Again: "the application", Contents: true, Ignored: true,
	},
	{
		ID: "air-tmp", Title: "program that air built", Class: BuildOutput, Level: Sure, Names: words("tmp"),
		proof: all(beside(".air.toml", ".air.conf", "air.toml"), beside("go.mod"), without("*.go")), Again: "air", AtRoot: true,
	},
	{
		ID: "scratch", Title: "scratch directory", Class: Temporary, Level: Ask, Names: words("tmp temp .tmp .temp"),
		proof: all(byName, without(keepers...)), Risk: "the name is vague", AtRoot: true,
	},
}
