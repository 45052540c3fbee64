package suggest

import (
	"cmp"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Secret is one file that is sent and holds what nobody else may have.
type Secret struct {
	// Rule is the id of the rule that found it, which stands in the catalogue or
	// among [SecretRules].
	Rule string
	// Path is relative to the context.
	Path string
	// Line says where in the file it stands, from 1; 0 for the file as a whole.
	Line int
	// Message says what it is, without the secret.
	Message string
	// Redacted is what stands there with the secret taken out; "" for the file
	// as a whole.
	Redacted string
}

// SecretRule is one way to find secrets.
type SecretRule struct {
	// ID is stable.
	ID string
	// Title names for people what is found.
	Title string
	// Names are what the files are called, or their last two components.
	Names []string
	// Not are names among them that are none.
	Not []string
	// Form says what the name must look like besides; "" for nothing.
	Form string
	// Content says what is looked for in the file.
	Content string
	// Least is how many bytes the shortest file has that may hold it: of a smaller
	// one not even the first line is read.
	Least int64
	// Most is how many bytes the longest such file has; 0 for any number.
	Most int64

	like func(name string) bool // whether a name is of the form
	find detector
	// published, where set, takes the place of find in a file that git tracks:
	// what is meant to be seen holds examples more often than secrets.
	published detector
}

// SecretRules returns how secrets are found, in a stable order.
func SecretRules() []SecretRule { return slices.Clone(secretRules) }

// secretSize is how much of a file is searched. Settings and keys are smaller.
const secretSize = 256 << 10

// Secrets returns the files that are sent and hold secrets, by their paths. Names
// make candidates, content decides. The error is that of the context.
func Secrets(ctx context.Context, facts Facts) ([]Secret, error) {
	inv := facts.Selection.Inventory()
	s := searcher{
		ctx: ctx, tracked: facts.Tracked,
		reader: newReader(inv, facts.Source, func(id buildcontext.ID) bool { return facts.Selection.Sent(id) && !facts.Selection.Emptied(id) }),
	}
	if err := s.walk(0); err != nil {
		return nil, err
	}
	slices.SortFunc(s.found, func(a, b Secret) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule))
	})
	return s.found, nil
}

// searcher looks for secrets in an inventory.
type searcher struct {
	*reader
	ctx     context.Context //nolint:containedctx // lives as long as one walk
	tracked func(path string) bool
	found   []Secret
	matches []match // of one entry; kept to be used again
}

// Directories of other people's packages hold the keys of their tests, and so do
// directories of tests and examples: such keys open nothing.
var harmless = map[string]bool{
	"node_modules": true, "vendor": true, "site-packages": true, "dist-packages": true, "bower_components": true,
	"Pods": true, "deps": true, "gems": true, "testdata": true, "test": true, "tests": true, "__tests__": true,
	"spec": true, "fixtures": true, "__fixtures__": true, "__mocks__": true, "example": true, "examples": true,
	"docs": true, "e2e": true,
}

func (s *searcher) walk(dir buildcontext.DirID) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	first, count := s.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		if !s.inv.Noted(id) {
			continue
		}
		name := s.inv.Name(id)
		if sub, ok := s.inv.Dir(id); ok {
			if harmless[name] {
				continue
			}
			if err := s.walk(sub); err != nil {
				return err
			}
			continue
		}
		if !s.inv.Mode(id).IsRegular() || s.inv.Size(id) == 0 || !s.visible(id) {
			continue
		}
		s.file(dir, id, name)
	}
	return nil
}

// file asks the first rule that knows the name and finds something.
func (s *searcher) file(dir buildcontext.DirID, id buildcontext.ID, name string) {
	var text []byte
	s.matches = secretIndex.match(s.inv, dir, name, s.matches[:0])
	for _, m := range s.matches {
		rule := m.secret
		if s.inv.Size(id) < rule.Least || rule.Most > 0 && s.inv.Size(id) > rule.Most {
			continue
		}
		at := s.inv.DirPath(dir) + name
		if text == nil {
			text = s.read(id, at, secretSize)
		}
		find := rule.find
		if s.tracked != nil && s.tracked(at) {
			if forTests.MatchString(at) {
				return
			}
			if rule.published != nil {
				find = rule.published
			}
		}
		if hit, ok := find(text); ok {
			s.found = append(s.found, Secret{Rule: rule.ID, Path: at, Line: hit.line, Message: hit.what, Redacted: hit.redacted})
			return
		}
	}
}

// forTests finds the word of a path that says what a file is for, where git tracks
// it: what is published to test or to show something opens nothing.
var forTests = regexp.MustCompile(`(?i)(^|[/._-])(tests?|testing|e2e|ci|integration|fixtures?|examples?|samples?|demo|dummy|fake|mocks?|snakeoil|localhost)([/._-]|$)`)

// fits tells whether a name among Names is of the form, and none of Not.
func (r *SecretRule) fits(name string) bool {
	return (r.like == nil || r.like(name)) &&
		!slices.ContainsFunc(r.Not, func(text string) bool { ok, _ := path.Match(text, name); return ok })
}

// secretIndex finds the rules by the names of files.
var secretIndex = func() *index {
	x := &index{exact: map[string][]*named{}}
	x.addSecrets()
	return x
}()

func (x *index) addSecrets() {
	for i := range secretRules {
		for _, text := range secretRules[i].Names {
			n := newNamed(nil, text)
			n.secret = &secretRules[i]
			x.add(n)
		}
	}
}

// serviceAccountWords are what people put into the names of such keys, by the first
// letter: many a context is full of JSON.
var serviceAccountWords = func() (by [256][]string) {
	for _, w := range words("service account cred key secret firebase gcp gcloud google token admin sa.json") {
		by[w[0]] = append(by[w[0]], w)
	}
	return by
}()

// likeServiceAccount knows the names that people give, and the one that Google's
// console gives: project-0123456789ab.json.
func likeServiceAccount(name string) bool {
	const digits = 12
	name = strings.ToLower(name)
	stem := strings.TrimSuffix(name, ".json")
	if at := len(stem) - digits; at > 0 && stem[at-1] == '-' && strings.Trim(stem[at:], "0123456789abcdef") == "" {
		return true
	}
	for i := range len(name) {
		for _, w := range serviceAccountWords[name[i]] {
			if strings.HasPrefix(name[i:], w) {
				return true
			}
		}
	}
	return false
}

// samples are the names of files that show which settings there are.
var samples = words("*example* *sample* *template* *.dist *.tmpl *.tpl *.defaults *.schema *.vault *.enc *.encrypted *.sops *.gpg *.age *.j2 *.md")

var secretRules = []SecretRule{
	{
		ID: "env-file", Title: "environment with secrets", Names: words(".env .env.local .env.*.local .env.backup .env.bak .env.old .env.save .env.orig"), Not: samples,
		Content: "an assignment with a value; where git tracks the file, one whose name says that it is a secret, with a value that is none of an example",
		find:    assignments(anyKey), published: assignments(secretKey),
	},
	{
		ID: "env-file-of-a-stage", Title: "environment of a stage with secrets", Names: words(".env.* *.env .envrc"), Not: samples,
		Content: "an assignment whose name says that it is a secret, with a value that is none of an example", find: assignments(secretKey),
	},
	{
		ID: "private-key", Title: "private key", Names: words("*.pem *.key *.p8 *.pk8 *.pkcs8 *.priv *.ppk *_rsa *_dsa *_ecdsa *_ed25519 id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk id_rsa.* *.crt *.cer"), Not: words("*.pub"),
		Content: "the first line of a private key", find: privateKey,
	},
	{
		ID: "service-account", Title: "key of a service account", Names: words("*.json"), Not: words("package.json package-lock.json *.schema.json"),
		Form: "a word such as key or account in it, or twelve hexadecimal digits at its end", like: likeServiceAccount,
		Content: `"private_key" with a private key, beside "client_email" or "refresh_token"`, Least: 100, Most: 16 << 10, find: serviceAccount,
	},
	{
		ID: "aws-credentials", Title: "AWS credentials", Names: words(".aws/credentials .aws/config .s3cfg .boto credentials aws-credentials* aws_credentials*"), Not: samples,
		Content: "aws_secret_access_key or secret_key with a value", find: values("AWS secret key", words("aws_secret_access_key secret_key aws_session_token gs_oauth2_refresh_token")),
	},
	{
		ID: "npmrc-token", Title: "token for a package registry", Names: words(".npmrc .yarnrc .yarnrc.yml bunfig.toml"),
		Content: "_authToken, _auth, _password or npmAuthToken with a value of its own", find: values("token for a package registry", words("_authtoken _auth _password npmauthtoken npmauthident token")),
	},
	{
		ID: "netrc", Title: "passwords for hosts", Names: words(".netrc _netrc"),
		Content: "password with a value", find: netrc,
	},
	{
		ID: "pypirc", Title: "passwords for package indexes", Names: words(".pypirc pip.conf pip.ini uv.toml"),
		Content: "password with a value, or an address with a password", find: eitherOf(values("password for a package index", words("password")), addressWithPassword),
	},
	{
		ID: "git-credentials", Title: "stored passwords for git", Names: words(".git-credentials .gitconfig .git/config"),
		Content: "an address with a password, or a header that signs in", find: eitherOf(addressWithPassword, extraHeader),
	},
	{
		ID: "terraform-state", Title: "Terraform state", Names: words("*.tfstate *.tfstate.backup *.tfstate.*"),
		Content: "a state that holds resources or outputs", find: terraformState,
	},
	{
		ID: "terraform-vars", Title: "Terraform variables with secrets", Names: words("*.tfvars *.tfvars.json"), Not: samples,
		Content: "an assignment whose name says that it is a secret", find: assignments(secretKey),
	},
	{
		ID: "kubeconfig", Title: "access to a cluster", Names: words(".kube/config kubeconfig kubeconfig.* *.kubeconfig *kubeconfig*.yaml *kubeconfig*.yml admin.conf kubelet.conf"),
		Content: "client-key-data, a token or a password with a value", find: values("access to a cluster", words("client-key-data token password id-token refresh-token")),
	},
	{
		ID: "docker-auth", Title: "passwords for image registries", Names: words(".docker/config.json .dockercfg .dockerconfigjson"),
		Content: `"auth", "identitytoken" or "password" with a value`, find: values("password for an image registry", words("auth identitytoken registrytoken password")),
	},
	{
		ID: "composer-auth", Title: "Composer credentials", Names: words("auth.json"),
		Content: "a token or a password with a value", find: composerAuth,
	},
	{
		ID: "rails-key", Title: "Rails master key", Names: words("config/master.key credentials/*.key"),
		Content: "32 hexadecimal digits", find: railsKey,
	},
	{
		ID: "rails-secrets", Title: "Rails secrets", Names: words("config/secrets.yml config/database.yml"),
		Content: "a password or a key base with a value of its own in production", find: inProduction,
	},
	{
		ID: "vault-token", Title: "Vault token", Names: words(".vault-token"),
		Content: "anything", find: anything("Vault token"),
	},
	{
		ID: "tool-credentials", Title: "credentials of a tool", Names: words(".cargo/credentials .cargo/credentials.toml .gem/credentials .terraformrc credentials.tfrc.json gh/hosts.yml .pgpass .my.cnf .m2/settings.xml .gradle/gradle.properties rclone.conf .databrickscfg .snowsql/config accessTokens.json msal_token_cache.json access_tokens.db nuget.config NuGet.Config NuGet.config"), Not: samples,
		Content: "a token or a password with a value", find: eitherOf(values("token or password of a tool", words("token oauth_token password rubygems_api_key accesstoken refreshtoken secret cleartextpassword signing.password mavenpassword nexuspassword")), pgpass),
	},
	{
		ID: "token-in-settings", Title: "token in a file of settings",
		Names:   words("*.env *.ini *.cfg *.conf *.properties *.toml secrets.* secret.* credentials.* creds.* settings.* config.* application*.yml application*.yaml appsettings*.json local.settings.json values*.yaml docker-compose*.yml docker-compose*.yaml compose*.yaml compose*.yml *secret*.yml *secret*.yaml *secret*.json *credential*.yml *credential*.yaml config*.yml config*.yaml .env.* .envrc *.tfvars settings*.py"),
		Not:     samples,
		Content: "a token whose form shows whose it is", Least: 20, find: knownToken,
	},
}
