package web_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/skill"
)

// FuzzReportForms puts any words where those of a resume stand in a report, and asks for it in every form but the paper, which takes the
// fuzzer too long, and by any Accept.
func FuzzReportForms(f *testing.F) {
	f.Add("Go", "text/csv;q=0.5, */*;q=0.1")
	f.Add("=1+1", "application/pdf")
	f.Add("\t@SUM(A1)\r\n\"x\",y|z\\|", "text/*;q=nan")
	f.Add("<script>\x00\U0001F6A2\u202e数据\ufeff", ";;,/,*/x")
	f.Add(strings.Repeat("w", 5000), "")
	f.Add("| ` [x](javascript:y) \\", "text/markdown;charset=\"")
	h := open(f, nil, gateway.DefaultCaps)
	c := h.newClient(f)
	path := "/api/v1/resumes/" + c.resume().String() + "/gaps/data-engineer"
	r := c.get(path).report(f)
	base, err := url.Parse(c.base)
	if err != nil {
		f.Fatal(err)
	}
	cookies := c.http.Jar.Cookies(base)
	f.Fuzz(func(t *testing.T, words, accept string) {
		r := r
		r.Run = ""
		g := r.Skills[0]
		g.Name, g.Why, g.Evidence = words, words, []skill.Mention{{Start: 3, End: 5, Text: words, Page: 1}}
		r.Skills = []gapanalysis.SkillGap{g, g}
		r.Extra = []gapanalysis.Extra{{Name: words, Level: 2}}
		id := h.rewriteRun(t, r)
		ask := func(query, accept string) *httptest.ResponseRecorder {
			q := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/gap-runs/"+id+query, nil)
			q.Header["Accept"] = []string{accept}
			for _, k := range cookies {
				q.AddCookie(k)
			}
			w := h.answered(t, q)
			if w.Code != http.StatusOK || w.Body.Len() == 0 {
				t.Errorf("%s by %q: %d", query, accept, w.Code)
			}
			return w
		}
		if !strings.Contains(strings.ToLower(accept), "pdf") {
			ask("", accept)
		}
		ask("?format=html", "")
		rows, err := csv.NewReader(ask("?format=csv", "").Body).ReadAll()
		if err != nil || len(rows) != 3 {
			t.Errorf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.Contains("=+-@\t\r", cell[:1]) {
					t.Errorf("%q is a formula", cell)
				}
			}
		}
		for line := range strings.SplitSeq(ask("?format=md", "").Body.String(), "\n") {
			bare := strings.ReplaceAll(strings.ReplaceAll(line, `\\`, ""), `\|`, "")
			if strings.HasPrefix(line, "| ") && strings.Count(bare, "|") != 8 || strings.Contains(strings.ReplaceAll(bare, `\<`, ""), "<") {
				t.Errorf("words become marks: %s", line)
			}
		}
	})
}
