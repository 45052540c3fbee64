package ci

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

const (
	marker = "<!-- ctxsize:check -->\n"
	us     = "github-actions[bot]"
)

// comment is one of a pull request.
type comment struct {
	ID   int64  `json:"id"`
	Body string `json:"body"`
	URL  string `json:"html_url"`
	User struct {
		Login string `json:"login"`
	} `json:"user"`
}

func by(login, body string) comment {
	c := comment{Body: body}
	c.User.Login = login
	return c
}

// hub is a stub of GitHub's API: the comments of pull request 7 of team/shop.
type hub struct {
	mu       sync.Mutex
	comments []comment
	asked    []string
	// refuse answers instead of the API where it does not return 0.
	refuse func(method, path string) int
	// lost writes the comment, and answers 502.
	lost bool
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, r.Method+" "+r.URL.Path)
	if r.Header.Get("Authorization") != "Bearer secret-token" {
		http.Error(w, `{"message":"Bad credentials"}`, http.StatusUnauthorized)
		return
	}
	if h.refuse != nil {
		if code := h.refuse(r.Method, r.URL.Path); code != 0 {
			http.Error(w, `{"message":"Resource not accessible by integration"}`, code)
			return
		}
	}
	var sent struct {
		Body, Query string
	}
	if r.Method != http.MethodGet {
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			http.Error(w, `{"message":"Problems parsing JSON"}`, http.StatusBadRequest)
			return
		}
	}
	const issue, one = "/repos/team/shop/issues/7/comments", "/repos/team/shop/issues/comments/"
	id, _ := strconv.ParseInt(strings.TrimPrefix(r.URL.Path, one), 10, 64)
	switch {
	case r.URL.Path == "/graphql" && sent.Query == "{viewer{login}}":
		fmt.Fprintf(w, `{"data":{"viewer":{"login":%q}}}`, us)
	case r.Method == http.MethodGet && r.URL.Path == issue:
		per, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		from := min((page-1)*per, len(h.comments))
		h.answer(w, http.StatusOK, append([]comment{}, h.comments[from:min(from+per, len(h.comments))]...))
	case r.Method == http.MethodPost && r.URL.Path == issue && sent.Body != "":
		h.add(by(us, sent.Body))
		if h.lost {
			h.lost = false
			http.Error(w, "<html>Bad Gateway</html>", http.StatusBadGateway)
			return
		}
		h.answer(w, http.StatusCreated, h.comments[len(h.comments)-1])
	case r.Method == http.MethodPatch && id > 0 && sent.Body != "":
		i := slices.IndexFunc(h.comments, func(c comment) bool { return c.ID == id })
		h.comments[i].Body = sent.Body
		h.answer(w, http.StatusOK, h.comments[i])
	default:
		http.Error(w, `{"message":"Not Found"}`, http.StatusNotFound)
	}
}

func (h *hub) answer(w http.ResponseWriter, code int, value any) {
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(value) //nolint:errchkjson // the script notices what is cut
}

// add gives a comment an id beyond what 32 bits hold, as GitHub's are.
func (h *hub) add(all ...comment) {
	for _, c := range all {
		c.ID = int64(3_000_000_000 + len(h.comments))
		c.URL = fmt.Sprintf("https://github.example/team/shop/pull/7#issuecomment-%d", c.ID)
		h.comments = append(h.comments, c)
	}
}

func (h *hub) bodies() []string {
	var all []string
	for _, c := range h.comments {
		all = append(all, c.User.Login+": "+c.Body)
	}
	return all
}

var pullRequest = map[string]any{"pull_request": map[string]any{"number": 7}}
