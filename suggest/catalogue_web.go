package suggest

import "regexp"

var (
	rails   = beside("config/application.rb")
	laravel = beside("artisan")
)

var catalogueRuby = []*Rule{
	{
		ID: "vendor-bundle", Title: "installed gems", Class: Dependencies, Level: Sure, Names: words("vendor/bundle vendor/cache-bundle"),
		proof: beside("Gemfile", "gems.rb"), Again: "bundle install", Risk: "an image that installs nothing lacks them", Closed: true, AtRoot: true,
	},
	{
		ID: "bundle-config", Title: "Bundler's local settings", Class: Dependencies, Level: Ask, Names: words(".bundle"),
		proof: beside("Gemfile", "gems.rb"), Again: "bundle config", Risk: ".bundle/config is sometimes wanted",
	},
	{
		ID: "rails-tmp", Title: "Rails' temporary files", Class: Temporary, Level: Sure, Names: words("tmp"),
		proof: rails, Again: "the application", Contents: true,
	},
	{
		ID: "rails-storage", Title: "uploaded files of Active Storage", Class: Database, Level: Sure, Names: words("storage"),
		proof: beside("config/storage.yml"), Risk: "an image that ships such data lacks it", Contents: true, Ignored: true,
	},
	{
		ID: "rails-test-assets", Title: "assets compiled for tests", Class: TestOutput, Level: Sure, Names: words("public/packs-test public/vite-test"),
		proof: rails, Again: "a test run", AtRoot: true,
	},
	{
		ID: "rails-local-secret", Title: "Rails' secret of this machine", Class: Credentials, Level: Sure, Names: words("tmp/development_secret.txt tmp/local_secret.txt"), kind: files,
		proof: rails, Again: "the application", AtRoot: true,
	},
	{
		ID: "rails-assets", Title: "compiled assets", Class: BuildOutput, Level: Ask, Names: words("public/assets public/packs public/vite"),
		proof: rails, Again: "rails assets:precompile", Risk: "images with assets compiled on the host copy them", AtRoot: true,
		Remade: regexp.MustCompile(`\bassets:precompile\b`),
	},
	{
		ID: "rails-key", Title: "Rails master key", Class: Credentials, Level: Sure, Names: words("config/master.key config/credentials/*.key"), kind: files,
		proof: beside("config/credentials.yml.enc", "config/credentials/*.yml.enc", "config/application.rb"), Risk: "give it at run time", AtRoot: true,
	},
	{
		ID: "rails-secrets", Title: "Rails secrets", Class: Credentials, Level: Ask, Names: words("config/secrets.yml"), kind: files,
		proof: rails, Risk: "old applications read it", AtRoot: true,
	},
	{
		ID: "simplecov", Title: "SimpleCov report", Class: TestOutput, Level: Sure, Names: words("coverage"),
		proof: inside(".last_run.json", ".resultset.json"), Again: "a test run", AtRoot: true,
	},
	{
		ID: "ruby-tools", Title: "left by Ruby tools", Class: Cache, Level: Sure, Names: words(".byebug_history .rspec_status .yardoc .solargraph .rubocop_cache .irb_history .pry_history .ruby-lsp"), kind: both,
		proof: above("Gemfile", "*.gemspec", "gems.rb", "*.rb"), Again: "the tool", AtRoot: true,
	},
}

var cataloguePHP = []*Rule{
	{
		ID: "composer-vendor", Title: "installed PHP packages", Class: Dependencies, Level: Sure, Names: words("vendor"),
		proof: all(beside("composer.json"), inside("autoload.php")), Again: "composer install", Risk: "an image that installs nothing lacks them", AtRoot: true,
	},
	{
		ID: "composer-auth", Title: "Composer credentials", Class: Credentials, Level: Sure, Names: words("auth.json"), kind: files,
		proof: all(beside("composer.json"), header("credentials in it", contains("http-basic", "github-oauth", "gitlab-token", "bearer", "bitbucket-oauth"))), Risk: "use a build secret", AtRoot: true,
	},
	{
		// The directories themselves stay: the framework does not make them.
		ID: "laravel-cache", Title: "Laravel's compiled files", Class: Cache, Level: Sure,
		Names: words("storage/framework/views/*.php bootstrap/cache/*.php storage/logs/*.log storage/debugbar/*.json storage/clockwork/*.json"), kind: files,
		proof: laravel, Again: "the application",
	},
	{
		ID: "laravel-data", Title: "Laravel's cached data", Class: Cache, Level: Sure, Names: words("storage/framework/cache storage/framework/cache/data storage/framework/sessions storage/framework/testing"),
		proof: laravel, Again: "the application", Contents: true,
	},
	{
		ID: "laravel-uploads", Title: "uploaded files of Laravel", Class: Database, Level: Sure, Names: words("storage/app storage/app/public storage/app/private storage/uploads public/uploads"),
		proof: laravel, Risk: "an image that ships such data lacks it", Contents: true, Ignored: true,
	},
	{
		ID: "phpunit-coverage", Title: "coverage report of PHP", Class: TestOutput, Level: Sure, Names: words("coverage coverage-html html-coverage"),
		proof: all(inside("dashboard.html"), inside("_css", ".css"), above("composer.json")), Again: "a test run", AtRoot: true,
	},
	{
		ID: "laravel-hot", Title: "note of Vite for Laravel", Class: Temporary, Level: Sure, Names: words("public/hot"), kind: files,
		proof: laravel, Again: "the tool", AtRoot: true,
	},
	{
		ID: "symfony-env", Title: "environment with secrets", Class: Credentials, Level: Sure, Names: words(".env.local.php"), kind: files,
		proof: beside("composer.json", "bin/console"), Again: "composer dump-env", Risk: "give secrets at run time",
	},
	{
		ID: "symfony-var", Title: "Symfony's cache and logs", Class: Cache, Level: Sure, Names: words("var/cache var/log var/logs"),
		proof: all(beside("bin/console", "symfony.lock"), without(".gitkeep", ".gitignore", ".keep")), Again: "the application", AtRoot: true,
	},
	{
		ID: "wordpress-cache", Title: "WordPress cache", Class: Cache, Level: Sure, Names: words("wp-content/cache wp-content/upgrade"),
		proof: beside("wp-config*.php", "wp-load.php"), Again: "the application", AtRoot: true,
	},
	{
		ID: "cms-uploads", Title: "uploaded files", Class: Media, Level: Ask, Names: words("wp-content/uploads sites/default/files"),
		proof: beside("wp-config*.php", "wp-load.php", "core/lib/Drupal.php"), Again: "the application", Risk: "images with content copy them", AtRoot: true,
	},
	{
		ID: "php-tools", Title: "cache of PHP tools", Class: Cache, Level: Sure, Names: words(".phpunit.result.cache .phpunit.cache .php-cs-fixer.cache .php_cs.cache .phpstan.cache .phpcs-cache"), kind: both,
		proof: above("composer.json", "phpunit.xml*", "*.php"), Again: "the tool",
	},
}

var catalogueBEAM = []*Rule{
	{
		ID: "mix-build", Title: "compiled Elixir or Erlang", Class: BuildOutput, Level: Sure, Names: words("_build"),
		proof: beside("mix.exs", "rebar.config"), Again: "mix compile", Risk: "images made of a release on the host copy _build/prod/rel", AtRoot: true,
	},
	{
		ID: "mix-deps", Title: "fetched Elixir packages", Class: Dependencies, Level: Sure, Names: words("deps"),
		proof: beside("mix.exs"), Again: "mix deps.get", AtRoot: true,
	},
	{
		ID: "elixir-ls", Title: "state of an Elixir language server", Class: Editor, Level: Sure, Names: words(".elixir_ls .elixir-tools .lexical .expert"),
		proof: above("mix.exs"), Again: "the editor",
	},
	{
		ID: "beam-cover", Title: "coverage report", Class: TestOutput, Level: Sure, Names: words("cover"),
		proof: all(beside("mix.exs", "rebar.config"), either(inside("*.html"), inside("*.coverdata"), inside("excoveralls.*"))), Again: "a test run", AtRoot: true,
	},
	{
		ID: "ex-doc", Title: "built documents of Elixir", Class: BuildOutput, Level: Sure, Names: words("doc"),
		proof: all(beside("mix.exs"), inside(".build"), inside("index.html", "*.epub")), Again: "mix docs", AtRoot: true,
	},
	{
		ID: "dialyzer", Title: "Dialyzer's tables", Class: Cache, Level: Sure, Names: words("priv/plts/*.plt priv/plts/*.plt.hash .fetch"), kind: files,
		proof: beside("mix.exs"), Again: "mix dialyzer",
	},
	{
		ID: "erl-crash", Title: "Erlang crash dump", Class: Crash, Level: Sure, Names: words("erl_crash.dump"), kind: files,
		proof: byName,
	},
	{
		ID: "phoenix-static", Title: "Phoenix's static files", Class: BuildOutput, Level: Recognized, Names: words("priv/static"),
		proof: beside("mix.exs"), Again: "mix assets.deploy", Risk: "committed files lie beside built ones", AtRoot: true,
	},
	{
		ID: "rebar", Title: "rebar's cache", Class: Cache, Level: Sure, Names: words(".rebar .rebar3"),
		proof: above("rebar.config"), Again: "rebar3",
	},
}
