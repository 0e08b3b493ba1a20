package skill

import (
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// sense is what a word means that the catalogue gives to one skill and that another shares, where company stands near.
type sense struct {
	word, id string // as it is written, and the skill that it is in this company
	company  []string
}

// senses are the words that belong to two fields. The catalogue's skill stands where neither's company is the greater.
func senses() []sense {
	words := func(list string) []string { return strings.Split(list, ",") }
	kotlin := words("kotlin,android,room,workmanager,retrofit,hilt,jetpack,jetpack compose,viewmodel,coroutines,ktor,rxjava,livedata,dagger,koin,mvvm,flow")
	switching := words("cisco,nexus,switch,switches,router,routers,vlan,vlans,firewall,firewalls,nat,routing,asa,access layer,vpn,bgp,ospf,subnets")
	attacks := words("ransomware,malware,soc,siem,forensics,phishing,edr,threat,threats,security,cyber,breach,dfir,mitre,splunk,sentinel,crowdstrike")
	return []sense{
		{"IAM", "aws-iam", words("aws,ec2,s3,lambda,vpc,cloudtrail,cloudformation,eks,rds,kms,cloudwatch,route 53,boto3,sts,sqs,sns,dynamodb")},
		{"IAM", "google-cloud-iam", words("gcp,gke,bigquery,google cloud,cloud run,pub/sub,service accounts")},
		{"ECS", "entity-component-system", words("dots,unity,burst,unreal,job system,gameobjects,bevy,game engine,entities")},
		{"Unity", "cpp-test-frameworks", words("ceedling,cmock,cpputest,googletest,gtest,misra,unit tests on the host,tdd for embedded")},
		{"Nexus", "artifactory", words("maven,jenkins,gradle,sonarqube,artifactory,docker,npm,sonar,ci/cd,sonatype,bamboo,gitlab")},
		{"ACL", "network-security", switching},
		{"ACLs", "network-security", switching},
		{"access control lists", "network-security", switching},
		{"coroutines", "kotlin-coroutines", kotlin},
		{"Coroutines", "kotlin-coroutines", kotlin},
		{"Flow", "kotlin-coroutines", kotlin},
		{"UI Toolkit", "unity", words("unity,gameobjects,c#,netcode,menus,shader,prefabs,ugui,urp,hdrp")},
		{"incident response", "security-incident-response", attacks},
		{"Incident response", "security-incident-response", attacks},
		{"Incident Response", "security-incident-response", attacks},
	}
}

// sensed is a sense with the form that stands for it.
type sensed struct {
	form    int
	company []string
}

// addSenses gives the finder the forms of the senses whose skills the catalogue has.
func (f *Finder) addSenses(c *catalog.Catalog) {
	f.senses = map[string][]sensed{}
	for _, s := range senses() {
		skill, err := c.Skill(s.id)
		if err != nil {
			continue
		}
		f.senses[s.word] = append(f.senses[s.word], sensed{len(f.forms), s.company})
		f.forms = append(f.forms, form{skill: skill, text: s.word})
	}
}

// sense is the form of a candidate in the company in which it stands: the one with the most of its words near, the catalogue's own
// where none has more.
func (f *Finder) sense(t *textView, c candidate) int {
	from, to := t.span(c.start, c.end)
	list := f.senses[string(t.runes[from:to])]
	if len(list) == 0 {
		return c.form
	}
	window := t.text[max(0, c.start-cueReach):min(len(t.text), c.end+cueReach)]
	count := func(words []string) (n int) {
		for _, w := range words {
			if w != t.text[c.start:c.end] && containsWord(window, w) {
				n++
			}
		}
		return n
	}
	best, top := c.form, count(f.cues[f.forms[c.form].skill.ID].for_)
	for _, s := range list {
		if n := count(s.company); n > top {
			best, top = s.form, n
		}
	}
	return best
}
