package catalog_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// overlay is an operator's directory with one skill of its own, one replaced, and what is known of learning it.
func overlay() fstest.MapFS {
	return mapFS(map[string]string{
		"skills/ours.yaml": "- id: house-queue\n  name: House Queue\n  kind: platform\n  description: A message queue of our own that all services of the company talk through.\n  aliases: [hsq]\n  parent: message-queues\n  effort: S\n" +
			"- id: kafka\n  name: Kafka\n  kind: platform\n  description: The log that our streaming team runs, with our own rules for topics and schemas.\n  aliases: [Apache Kafka]\n  effort: M\n",
		"learning/kafka.yaml":       "skill: kafka\nrubric: [one, two, three, four, five]\n",
		"learning/house-queue.yaml": "skill: house-queue\nrubric: [one, two, three, four, five]\n",
		"relations/ours.yaml":       "transfers:\n  - {from: rabbitmq, to: house-queue, credit: 0.8, note: Queues and acknowledgements carry over wholly.}\n",
	})
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	base := load(t)
	c, err := catalog.LoadWith(overlay())
	if err != nil {
		t.Fatal(err)
	}
	if s, err := c.Skill("house-queue"); err != nil || s.Name != "House Queue" || len(c.Rubric("house-queue")) != 5 {
		t.Errorf("the added skill: %+v, %v", s, err)
	}
	if s, err := c.Skill("kafka"); err != nil || s.Effort != catalog.EffortM || !strings.HasPrefix(s.Description, "The log") {
		t.Errorf("the replaced skill: %+v, %v", s, err)
	}
	if got, want := c.Hours("kafka", 0, 5), c.Hours("go", 0, 5); c.Rubric("kafka")[0] != "one" || got.P50 != 93 || got == want {
		t.Errorf("kafka takes %+v, want 93 of the class M: the hours of the replaced entry are gone", got)
	}
	saved := func(c *catalog.Catalog) int {
		for _, x := range c.TransfersTo("kafka") {
			if x.From == "rabbitmq" {
				return x.HoursSaved
			}
		}
		return -1
	}
	if was, is := saved(base), saved(c); was != 14 || is != 8 { // 0.4 of 36 hours, and of 21
		t.Errorf("RabbitMQ saves %d hours of Kafka in the overlay and %d below it, want 8 and 14", is, was)
	}
	if s, err := base.Skill("kafka"); err != nil || strings.HasPrefix(s.Description, "The log") {
		t.Errorf("the overlay reached the catalogue of the binary: %+v, %v", s, err)
	}
	if n := len(c.Skills()) - len(base.Skills()); n != 1 {
		t.Errorf("%d skills more, want 1", n)
	}
	if v := c.Version(); !strings.HasPrefix(v, base.Version()+"+local.") {
		t.Errorf("version %s does not show that something was added to %s", v, base.Version())
	}
}

func TestOverlayProblemsNameTheFile(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, file, text, want string }{
		{"alias of a skill of the binary", "skills/ours.yaml", "- id: zebra-queue\n  name: Zebra Queue\n  kind: platform\n  description: A message queue of our own that all services of the company talk through.\n  aliases: [PostgreSQL]\n  parent: message-queues\n  effort: S\n", "skills/ours.yaml:5: zebra-queue.aliases"},
		{"unknown field", "skills/ours.yaml", "- id: zebra-queue\n  nme: Zebra\n", "skills/ours.yaml:2: yaml"},
		{"transfer that is not right", "relations/ours.yaml", "transfers:\n  - {from: rabbitmq, to: kafka, credit: 3, note: Queues and acknowledgements carry over wholly.}\n", "relations/ours.yaml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := catalog.LoadWith(mapFS(map[string]string{tt.file: tt.text}))
			if !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a problem that names %s", err, tt.want)
			}
		})
	}
}

// TestRenamedIDs finds entries by the ids that they had before.
func TestRenamedIDs(t *testing.T) {
	t.Parallel()
	files := goodFiles()
	files[skillsName] = strings.Replace(files[skillsName], "  parent: skill-00", "  former_ids: [stove]\n  parent: skill-00", 1)
	files[roleName] = strings.Replace(files[roleName], "family: baking", "family: baking\nformer_ids: [baker]", 1)
	files[roleName] = strings.Replace(files[roleName], "{id: loaf-00, name: Loaf,", "{id: loaf-00, former_ids: [first-loaf], name: Loaf,", 1)
	c, err := catalog.LoadFS(mapFS(files))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := c.Skill("stove"); err != nil || s.ID != "oven" {
		t.Errorf("skill by its former id: %+v, %v", s, err)
	}
	r, err := c.Role("baker")
	if err != nil || r.ID != "bread-engineer" {
		t.Fatalf("role by its former id: %+v, %v", r, err)
	}
	if _, m, err := r.Milestone("first-loaf"); err != nil || m.ID != "loaf-00" {
		t.Errorf("milestone by its former id: %+v, %v", m, err)
	}
	for name, change := range map[string][3]string{
		"of an entry of today": {skillsName, "former_ids: [stove]", "former_ids: [skill-01]"},
		"of two entries":       {skillsName, "- id: skill-02\n", "- id: skill-02\n  former_ids: [stove]\n"},
		"of a milestone":       {roleName, "former_ids: [first-loaf]", "former_ids: [loaf-01]"},
	} {
		broken := map[string]string{}
		maps.Copy(broken, files)
		broken[change[0]] = strings.Replace(broken[change[0]], change[1], change[2], 1)
		problems := lint(t, mapFS(broken))
		if len(problems) != 1 || problems[0].Field != "former_ids" {
			t.Errorf("%s: %v, want one problem of former_ids", name, problems)
		}
	}
}
