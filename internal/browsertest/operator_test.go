//go:build browser

package browsertest_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestOperator lets an operator in by a token, and nobody else, and looks at the page as at every other.
func TestOperator(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, "bin/gapwise"), "token", "--operator")
	cmd.Env = append(os.Environ(), "GAPWISE_DATA="+theStage.data, "DATABASE_URL=", "LLM_BASE_URL=", "LLM_API_KEY=", "LLM_MODEL=", "EMBEDDINGS_BASE_URL=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	token := strings.Fields(string(out))[0]
	enter := pageUnderTest{name: "operator-enter", path: at("/operator"), status: http.StatusForbidden, guest: true, allow: []string{"403"}}
	page := pageUnderTest{name: "operator", path: at("/operator"), status: http.StatusOK, budget: 60 << 10}
	p := &person{cookies: map[string]string{"gapwise_session": token}}
	for _, width := range []int{1280, 360} {
		for _, scripts := range []bool{true, false} {
			look(t, enter, p, width, scripts)
			look(t, page, p, width, scripts)
		}
	}
	for _, scripts := range []bool{true, false} {
		b := newTab(t, 360, scripts)
		b.open("/operator")
		b.run(chromedp.SendKeys(chromedp.CSS("#token"), token))
		b.click("main form button[type=submit]")
		if got := b.text("main"); !strings.Contains(got, "Where postings come from") {
			b.Errorf("an operator sees %.300s", got)
		}
		b.quiet("/favicon", "403")
	}
}
