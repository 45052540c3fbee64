package suggest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/treetest"
	"github.com/ctxsize/ctxsize/suggest"
)

const rsaKey = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n"

// A token is put together here so that no scanner takes this file for a leak.
var (
	githubToken = "ghp_" + strings.Repeat("aB3d", 9)
	googleKey   = "AIza" + strings.Repeat("Sy4d1", 7)
)

func TestSecrets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path, text string
		// want is "rule line redacted", or "" for no secret.
		want string
	}{
		// environments
		{".env", "PORT=1\n", "env-file 1 PORT=***"},
		{".env", "# nothing yet\n", ""},
		{".env", "EMPTY=\n", ""},
		{"apps/web/.env.local", "A=b", "env-file 1 A=***"},
		{".env.production.local", "A=b", "env-file 1 A=***"},
		{".env.example", "SECRET_KEY=change-me\nSTRIPE=sk\n", ""},
		{".env.sample", "API_KEY=abcdefghijklmnop\n", ""},
		{".env.local.example", "A=b", ""},
		{".env.production", "NEXT_PUBLIC_API=https://example.com\n", ""},
		{".env.production", "NEXT_PUBLIC_API_KEY=pk_live_8272d8a9f\n", ""},
		{".env.production", "PORT=80\nexport DB_PASSWORD=\"hunter2hunter2\"\n", "env-file-of-a-stage 2 DB_PASSWORD=***"},
		{".env.production", "DB_PASSWORD=${DB_PASSWORD}\n", ""},
		{".env.test", "DB_PASSWORD=postgres\nSECRET_KEY=test-secret\n", ""},
		{"prod.env", "DATABASE_URL=postgres://app:Zk3jd92jds@db/app\n", "env-file-of-a-stage 1 DATABASE_URL=***"},
		{"prod.env", "DATABASE_URL=postgres://postgres:postgres@localhost/app\n", ""},
		{"prod.env", "DATABASE_URL=postgres://db/app\n", ""},
		{"prod.env", "PRIVATE_KEY_PATH=/run/secrets/key\nPASSWORD_FILE=/run/x/password\n", ""},
		{".envrc", "use flake\nexport AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCY\n", "env-file-of-a-stage 2 AWS_SECRET_ACCESS_KEY=***"},
		{".envrc", "use flake\n", ""},

		// keys and certificates
		{"server.key", rsaKey, "private-key 1 -----BEGIN RSA PRIVATE KEY-----"},
		{"certs/tls.pem", "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n" + rsaKey, "private-key 4 -----BEGIN RSA PRIVATE KEY-----"},
		{"certs/tls.pem", "Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n", "private-key 4 -----BEGIN ENCRYPTED PRIVATE KEY-----"},
		{"id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", "private-key 1 -----BEGIN OPENSSH PRIVATE KEY-----"},
		{"deploy_rsa", rsaKey, "private-key 1 -----BEGIN RSA PRIVATE KEY-----"},
		{"putty.ppk", "PuTTY-User-Key-File-3: ssh-ed25519\n", "private-key 1 PuTTY-User-Key-File-3"},
		{"id_rsa.pub", "ssh-rsa AAAA\n", ""},
		{"ca-bundle.pem", "-----BEGIN CERTIFICATE-----\nMII\n", ""},
		{"pub.pem", "-----BEGIN PUBLIC KEY-----\nMII\n", ""},
		{"cacert.crt", "-----BEGIN CERTIFICATE-----\nMII\n", ""},
		{"locale/en.key", "greeting = hello\n", ""},
		{"node_modules/x/test.pem", rsaKey, ""},
		{"tests/fixtures/server.key", rsaKey, ""},
		{".venv/lib/python3/site-packages/tornado/test/test.key", rsaKey, ""},

		// clouds
		{".aws/credentials", "[default]\naws_access_key_id = AKIAQ\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCY\n", "aws-credentials 3 aws_secret_access_key=***"},
		{".aws/config", "[default]\nregion = eu-west-1\n", ""},
		{"sa.json", `{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\nMII", "client_email": "a@b.iam.gserviceaccount.com"}` + strings.Repeat(" ", 60), `service-account 1 "private_key": "***"`},
		{"firebase.json", `{"hosting": {"public": "dist", "ignore": ["firebase.json", "**/.*", "**/node_modules/**"], "rewrites": []}}`, ""},
		{"terraform.tfstate", `{"version": 4, "terraform_version": "1.9", "resources": [{"instances": [{}]}]}`, "terraform-state 0 "},
		{"terraform.tfstate", `{"version": 4, "terraform_version": "1.9", "resources": []}`, ""},
		{"prod.tfvars", "db_password = \"hunter2hunter2\"\n", "terraform-vars 1 DB_PASSWORD=***"},
		{"prod.tfvars", "region = \"eu-west-1\"\n", ""},
		{".kube/config", "apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    client-key-data: LS0tLS1CRUdJTi\n", "kubeconfig 6 client-key-data=***"},
		{".kube/config", "apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    exec:\n      command: aws\n", ""},

		// tools
		{".npmrc", "registry=https://r/\n//r/:_authToken=" + "npm_" + "Zk3jd92jds\n", "npmrc-token 2 _authtoken=***"},
		{".npmrc", "//r/:_authToken=${NPM_TOKEN}\n", ""},
		{".npmrc", "save-exact=true\n", ""},
		{".yarnrc.yml", "npmAuthToken: \"Zk3jd92jds\"\n", "npmrc-token 1 npmauthtoken=***"},
		{".yarnrc.yml", "nodeLinker: node-modules\n", ""},
		{".netrc", "machine example.com\nlogin me\npassword Zk3jd92jds\n", "netrc 3 password ***"},
		{".pypirc", "[pypi]\nusername = __token__\npassword = Zk3jd92jds\n", "pypirc 3 password=***"},
		{"pip.conf", "[global]\nindex-url = https://me:Zk3jd92jds@pypi.example.com/simple\n", "pypirc 2 https://me:***@"},
		{"pip.conf", "[global]\nindex-url = https://pypi.example.com/simple\n", ""},
		{".git-credentials", "https://me:Zk3jd92jds@example.com\n", "git-credentials 1 https://me:***@"},
		{".git/config", "[core]\n\tbare = false\n[http \"https://example.com/\"]\n\textraheader = AUTHORIZATION: basic Zk3jd92jds\n", "git-credentials 4 extraheader = AUTHORIZATION: ***"},
		{".git/config", "[remote \"origin\"]\n\turl = git@example.com:a/b.git\n", ""},
		{".docker/config.json", `{"auths": {"r": {` + "\n" + `"auth": "bWU6Zms="` + "\n}}}", "docker-auth 2 auth=***"},
		{".docker/config.json", `{"credsStore": "desktop"}`, ""},
		{"auth.json", `{"github-oauth": {"github.com": "Zk3jd92jds"}}`, `composer-auth 1 "github-oauth": {***}`},
		{"auth.json", `{"login": true}`, ""},
		{"config/master.key", "0123456789abcdef0123456789abcdef", "rails-key 1 ***"},
		{"config/database.yml", "development:\n  password: Zk3jd92jds\nproduction:\n  password: <%= ENV['P'] %>\n", ""},
		{"config/database.yml", "production:\n  username: app\n  password: Zk3jd92jds\n", "rails-secrets 3 password=***"},
		{".vault-token", "hvs.x\n", "vault-token 0 "},
		{".cargo/credentials.toml", "[registry]\ntoken = \"Zk3jd92jds\"\n", "tool-credentials 2 token=***"},
		{".m2/settings.xml", "<settings>\n<server>\n<password>Zk3jd92jds</password>\n", "tool-credentials 3 password=***"},
		{".m2/settings.xml", "<settings>\n<server>\n<password>${env.P}</password>\n", ""},
		{".pgpass", "db.example.com:5432:*:app:Zk3jd92jds\n", "tool-credentials 1 ***"},
		{"nuget.config", `<add key="ClearTextPassword" value="Zk3jd92jds" />` + "\n", "tool-credentials 1 cleartextpassword=***"},

		// tokens whose form gives them away
		{"config.yml", "a: 1\ntoken: " + githubToken + "\n", "token-in-settings 2 ghp_***"},
		{"settings.toml", "key = \"AKIA" + "QWERTZUIOPASDFGH\"\n", "token-in-settings 1 AKIA***"},
		{"settings.toml", "key = \"AKIAIOSFODNN7EXAMPLE\"\n", ""},
		{"config.yml", "token: ghp_" + strings.Repeat("x", 36) + "\n", ""},
		{".env.production", "VITE_APP_FIREBASE_CONFIG='{\"apiKey\":\"" + googleKey + "\"}'\n", ""},
		{"settings.py", "MAIL_KEY = \"" + googleKey + "\"\n", "token-in-settings 1 AIza***"},
		{".env.production", "GITHUB_PRIVATE_KEY=disabled\nDB_PASSWORD=astronomy_password # as in init.sql\n", ""},
		{"src/main.go", "const t = \"" + githubToken + "\"\n", ""},
		{"compose.yaml", "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: postgres\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			tree := &treetest.Tree{}
			tree.Text(tt.path, tt.text)
			s := scenario{tree: tree}
			found, err := suggest.Secrets(context.Background(), s.facts(t, s.selection(t, buildcontext.BuildKit, nil)))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, secret := range found {
				got += strings.TrimSpace(strings.Join([]string{secret.Rule, string(rune('0' + secret.Line)), secret.Redacted}, " "))
				if secret.Path != tt.path || secret.Message == "" {
					t.Errorf("%+v", secret)
				}
			}
			if diff := cmp.Diff(strings.TrimSpace(tt.want), got); diff != "" {
				t.Errorf("%q: -want +got:\n%s", tt.text, diff)
			}
		})
	}
}

// TestSecretsAreSent wants only what the build sends to be searched.
func TestSecretsAreSent(t *testing.T) {
	t.Parallel()
	tree, _ := treetest.Parse(t, `
-- .env --
KEY=value
-- app/.env --
KEY=value
-- app/ignored/.env --
KEY=value
`)
	s := scenario{tree: tree}
	for _, tt := range []struct {
		ignore  string
		include []string
		want    []string
	}{
		{"", nil, []string{".env", "app/.env", "app/ignored/.env"}},
		{"app/ignored\n", nil, []string{".env", "app/.env"}},
		{"app/ignored\n", []string{"app"}, []string{"app/.env"}},
		{"", []string{}, nil},
	} {
		sel := s.selection(t, buildcontext.BuildKit, []byte(tt.ignore))
		req := sel.Request
		req.Include = tt.include
		sel, err := buildcontext.Select(s.inv, req)
		if err != nil {
			t.Fatal(err)
		}
		found, err := suggest.Secrets(context.Background(), suggest.Facts{Source: tree, Selection: sel})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, secret := range found {
			got = append(got, secret.Path)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q %q: -want +got:\n%s", tt.ignore, tt.include, diff)
		}
	}
}

// TestPublishedEnvironment wants an environment that git tracks to be taken for
// secret only where it holds one.
func TestPublishedEnvironment(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"PORT=1\nSECRET_KEY=changethis\n": 0,
		"SECRET_KEY=Zk3jd92jdsQ81\n":      1,
	} {
		tree := &treetest.Tree{}
		tree.Text(".env", text)
		s := scenario{tree: tree, tracked: func(string) bool { return true }}
		found, err := suggest.Secrets(context.Background(), s.facts(t, s.selection(t, buildcontext.BuildKit, nil)))
		if err != nil || len(found) != want {
			t.Errorf("%q: %+v, %v", text, found, err)
		}
	}
}

// TestPublishedKeys wants a key that git tracks to be none where its path says that
// it is for tests, and one that nobody tracks to be one.
func TestPublishedKeys(t *testing.T) {
	t.Parallel()
	for path, published := range map[string]int{
		"tls/server.key":            1,
		"integration/tls/local.key": 0,
		"dev/localhost.key":         0,
		"ci/base.env":               0,
		".env.ci":                   0,
		"latest/contest.key":        1,
	} {
		for _, tracked := range []bool{true, false} {
			tree := &treetest.Tree{}
			text, want := rsaKey, 1
			if strings.Contains(path, "env") {
				text = "SECRET_KEY=Zk3jd92jdsQ81\n"
			}
			if tracked {
				want = published
			}
			tree.Text(path, text)
			s := scenario{tree: tree, tracked: func(string) bool { return tracked }}
			found, err := suggest.Secrets(context.Background(), s.facts(t, s.selection(t, buildcontext.BuildKit, nil)))
			if err != nil || len(found) != want {
				t.Errorf("%s, tracked %t: %+v, %v", path, tracked, found, err)
			}
		}
	}
}

// TestSecretsAreNotPrinted wants nothing of a secret's value in what is said.
func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	const value = "Zk3jd92jdsQ81"
	for path, text := range map[string]string{
		".env":               "DB_PASSWORD=" + value,
		".npmrc":             "//r/:_authToken=" + value,
		".netrc":             "machine x login y password " + value,
		"pip.conf":           "index-url = https://me:" + value + "@example.com",
		"prod.tfvars":        "db_password = \"" + value + "\"",
		"config.yml":         "token: glpat-" + value + value,
		"server.key":         rsaKey + value,
		"auth.json":          `{"http-basic": {"x": {"username": "me", "password": "` + value + `"}}}`,
		".aws/config":        "aws_secret_access_key=" + value,
		".vault-token":       value,
		"kubeconfig":         "token: " + value,
		"credentials":        "secret_key = " + value,
		".cargo/credentials": "token = \"" + value + "\"",
	} {
		tree := &treetest.Tree{}
		tree.Text(path, text)
		s := scenario{tree: tree}
		found, err := suggest.Secrets(context.Background(), s.facts(t, s.selection(t, buildcontext.BuildKit, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 {
			t.Errorf("%s: %d secrets", path, len(found))
		}
		for _, secret := range found {
			if strings.Contains(secret.Message+secret.Redacted, value[:4]) {
				t.Errorf("%s: the secret is said: %+v", path, secret)
			}
		}
	}
}
