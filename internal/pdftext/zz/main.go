package main
import ("context";"fmt";"os";"time";"path/filepath";"strings"
"github.com/gapwise/gapwise/internal/pdftext";"github.com/gapwise/gapwise/internal/pagetext")
func main(){
 if pdftext.IsChild(os.Args[1:]) { os.Exit(pdftext.ChildMain(os.Args[1:], os.Stdin, os.Stdout)) }
 e:=pdftext.New(pdftext.Options{CacheDir:"/tmp/tool/cache"})
 for _,f:=range os.Args[2:] {
  b,_:=os.ReadFile(f)
  t:=time.Now()
  d,err:=e.Extract(context.Background(), b, pagetext.Limits{Pages:100,Runes:1000000})
  el:=time.Since(t)
  if os.Args[1]=="-t" { for i,p:=range d.Pages { fmt.Printf("--- page %d %gx%g lost=%v\n",i+1,p.Width,p.Height,p.Lost); for _,l:=range p.Lines { a:=" "; if l.Apart {a="^"}; fmt.Printf("%s %v %s\n", a,l.Box,strings.Join(l.Cells," ⇥ ")) } } }
  es:=""; if err!=nil {es=err.Error()}; if len(es)>150 {es=es[:150]}
  fmt.Printf("%-40.40s %s pages=%d words=%d %v %s %s\n", filepath.Base(f), d.Engine, len(d.Pages), d.Words(), el.Round(time.Millisecond), pagetext.ReasonOf(err), es)
 }
}
