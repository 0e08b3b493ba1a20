package catalog_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// kept writes an import to a directory and loads the catalogue with it laid over.
func kept(tb testing.TB, im *catalog.Imported) *catalog.Catalog {
	tb.Helper()
	dir := tb.TempDir()
	if err := im.Write(tb.Context(), dir); err != nil {
		tb.Fatal(err)
	}
	c, err := catalog.LoadWith(os.DirFS(dir))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestImportESCO(t *testing.T) {
	t.Parallel()
	im, err := catalog.ImportESCO(load(t), os.DirFS("testdata/esco"), catalog.ImportOptions{Only: catalog.ICT()})
	if err != nil {
		t.Fatal(err)
	}
	if len(im.Roles) != 1 || len(im.Skills) != 1 || im.Linked != 2 || len(im.Skipped) != 1 || !strings.HasPrefix(im.Skipped[0], "idle analyst") {
		t.Fatalf("%d roles, %d skills, %d linked, skipped %q", len(im.Roles), len(im.Skills), im.Linked, im.Skipped)
	}
	c := kept(t, im)
	r := role(t, c, "esco-network-weaver")
	if r.Name != "Network weaver" || r.Codes.ISCO != "2523" || !slices.Contains(r.Aliases, "loom administrator") || r.Import.Attribution != "ESCO, European Commission" {
		t.Errorf("the role: %+v", r)
	}
	want := map[string]bool{"esco-knit-network-cables": true, "kafka": false, "python": false}
	for _, q := range r.Skills {
		if must, ok := want[q.Skill]; !ok || must != q.Must {
			t.Errorf("asks for %+v", q)
		}
		delete(want, q.Skill)
	}
	if len(want) > 0 {
		t.Errorf("does not ask for %v", want)
	}
	knit, err := c.Skill("esco-knit-network-cables")
	if err != nil || knit.Kind != catalog.Practice || knit.Description != `Make cables, "by hand", of wool.` {
		t.Errorf("the skill: %+v, %v", knit, err)
	}
	if slices.Contains(knit.Aliases, "PostgreSQL") || !slices.Contains(knit.Aliases, "crochet patch cords") {
		t.Errorf("aliases %q: a name that another skill has is left to it", knit.Aliases)
	}
	all, err := catalog.ImportESCO(load(t), os.DirFS("testdata/esco"), catalog.ImportOptions{})
	if err != nil || len(all.Roles) != 2 {
		t.Errorf("of all groups: %d roles, %v; want two", len(all.Roles), err)
	}
}

func TestImportONET(t *testing.T) {
	t.Parallel()
	im, err := catalog.ImportONET(load(t), os.DirFS("testdata/onet"), catalog.ImportOptions{Only: catalog.ComputerOccupations()})
	if err != nil {
		t.Fatal(err)
	}
	c := kept(t, im)
	r := role(t, c, "onet-loom-programmers")
	if len(r.Skills) != 2 || r.Skills[0].Skill != "postgresql" || !r.Skills[0].Must || r.Skills[1].Must || !slices.Equal(r.Aliases, []string{"Weave Coder"}) || r.Codes.ONetSOC != "15-1299.99" {
		t.Errorf("the role: %+v", r)
	}
	if len(im.Skills) != 1 || im.Skills[0].Name != `JacquardWare "Pro"` || im.Linked != 1 {
		t.Errorf("skills %+v, %d linked", im.Skills, im.Linked)
	}
}

// TestImportAgain replaces what an earlier release had, and leaves an operator's own files.
func TestImportAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	im, err := catalog.ImportESCO(load(t), os.DirFS("testdata/esco"), catalog.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := im.Write(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "roles", "mine.yaml")
	if err := os.WriteFile(mine, []byte("id: mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if im, err = catalog.ImportESCO(load(t), os.DirFS("testdata/esco"), catalog.ImportOptions{Only: []string{"25"}}); err != nil {
		t.Fatal(err)
	}
	if err := im.Write(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "roles", "*"))
	if err != nil || len(files) != 2 || !slices.Contains(files, mine) {
		t.Errorf("files after the second import: %q, %v", files, err)
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	good := func() fstest.MapFS {
		out := fstest.MapFS{}
		for _, name := range []string{"skills_en.csv", "occupations_en.csv", "occupationSkillRelations_en.csv"} {
			data, err := fs.ReadFile(os.DirFS("testdata/esco"), name)
			if err != nil {
				t.Fatal(err)
			}
			out[name] = &fstest.MapFile{Data: data}
		}
		return out
	}
	for _, tt := range []struct {
		name   string
		change func(fstest.MapFS)
		code   string
		says   string
	}{
		{"a missing file", func(m fstest.MapFS) { delete(m, "skills_en.csv") }, "release-missing", "skills_en.csv"},
		{"an empty file", func(m fstest.MapFS) { m["occupations_en.csv"].Data = nil }, "release-empty", "occupations_en.csv"},
		{"another layout", func(m fstest.MapFS) { m["skills_en.csv"].Data = []byte("uri,label\n1,x\n") }, "release-columns", "conceptUri"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := good()
			tt.change(m)
			_, err := catalog.ImportESCO(load(t), m, catalog.ImportOptions{})
			if fault.CodeOf(err) != tt.code || !strings.Contains(fault.DetailOf(err), tt.says) {
				t.Errorf("got %v, want %s that names %s", err, tt.code, tt.says)
			}
		})
	}
	if _, err := catalog.ImportONET(load(t), fstest.MapFS{}, catalog.ImportOptions{}); !errors.Is(err, fault.Usage) {
		t.Errorf("O*NET of an empty directory: %v", err)
	}
}

// published rebuilds the releases of ESCO and O*NET, in their column layout, from the public data of $RELEASES, which is not part of the
// project.
func published(t *testing.T) (esco, onet fs.FS) {
	t.Helper()
	dir := os.Getenv("RELEASES")
	if dir == "" {
		t.Skip("RELEASES=DIR names a directory with the published data as JSON Lines; `make check-import` runs this")
	}
	out := t.TempDir()
	write := func(name string, comma rune, rows [][]string) {
		f, err := os.Create(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		w := csv.NewWriter(f)
		w.Comma = comma
		if err := errors.Join(w.WriteAll(rows), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	skills := [][]string{strings.Split("conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,scopeNote,definition,inScheme,description", ",")}
	uri := map[string]string{}
	eachLine(t, filepath.Join(dir, "esco_skills_v110.jsonl"), func(s struct {
		URI, Label, Type, Reuse, Desc string
		Alts                          []string
	},
	) {
		uri[s.Label] = s.URI
		skills = append(skills, []string{"KnowledgeSkillCompetence", s.URI, s.Type, s.Reuse, s.Label, strings.Join(s.Alts, "\n"), "", "released", "", "", "", "", s.Desc})
	})
	write("skills_en.csv", ',', skills)
	occupations := [][]string{strings.Split("conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,regulatedProfessionNote,scopeNote,definition,inScheme,description,code", ",")}
	occupation := map[string]string{}
	eachLine(t, filepath.Join(dir, "esco_occupations_v110.jsonl"), func(o struct {
		URI, Label, ISCO string
		Alts             []string
	},
	) {
		occupation[o.Label] = o.URI
		occupations = append(occupations, []string{"Occupation", o.URI, o.ISCO, o.Label, strings.Join(o.Alts, "\n"), "", "released", "", "", "", "", "", "", o.ISCO})
	})
	write("occupations_en.csv", ',', occupations)
	relations := [][]string{strings.Split("occupationUri,relationType,skillType,skillUri", ",")}
	eachLine(t, filepath.Join(dir, "esco_occupation_skills.jsonl"), func(o struct {
		Occupation          string
		Essential, Optional []string
	},
	) {
		for relation, list := range map[string][]string{"essential": o.Essential, "optional": o.Optional} {
			for _, s := range list {
				relations = append(relations, []string{occupation[o.Occupation], relation, "", uri[s]})
			}
		}
	})
	write("occupationSkillRelations_en.csv", ',', relations)
	titles := [][]string{{"O*NET-SOC Code", "Title", "Description"}}
	technologies := [][]string{{"O*NET-SOC Code", "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"}}
	eachLine(t, filepath.Join(dir, "onet_technology.jsonl"), func(o struct {
		SOC, Title string
		Tech       [][]string
	},
	) {
		titles = append(titles, []string{o.SOC, o.Title, ""})
		for _, x := range o.Tech {
			technologies = append(technologies, []string{o.SOC, x[0], "", x[1], x[2], "N"})
		}
	})
	write("Occupation Data.txt", '\t', titles)
	write("Technology Skills.txt", '\t', technologies)
	return os.DirFS(out), os.DirFS(out)
}

func eachLine[T any](t *testing.T, file string, f func(T)) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		f(v)
	}
}

// TestImportPublished imports the whole of both releases, and what is usually taken of them, and lints the result.
func TestImportPublished(t *testing.T) {
	esco, onet := published(t)
	for _, tt := range []struct {
		name    string
		release fs.FS
		take    func(*catalog.Catalog, fs.FS, catalog.ImportOptions) (*catalog.Imported, error)
		only    []string
	}{
		{"ESCO, computing", esco, catalog.ImportESCO, catalog.ICT()},
		{"ESCO, all", esco, catalog.ImportESCO, nil},
		{"O*NET, computing", onet, catalog.ImportONET, catalog.ComputerOccupations()},
		{"O*NET, all", onet, catalog.ImportONET, nil},
	} {
		im, err := tt.take(load(t), tt.release, catalog.ImportOptions{Only: tt.only})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		c := kept(t, im)
		t.Logf("%s: %d roles, %d new skills, %d skills that were there, %d left out; the catalogue now has %d skills", tt.name, len(im.Roles), len(im.Skills), im.Linked, len(im.Skipped), len(c.Skills()))
		if len(im.Roles) == 0 || im.Linked == 0 {
			t.Errorf("%s: nothing was imported or linked", tt.name)
		}
	}
}
