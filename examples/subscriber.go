// Print headlines as they are published: go run subscriber.go [ADDRESS]. Reads /v1/stream (listen.http in
// the configuration), and goes on behind the last event after an outage. Needs the standard library only.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"
)

type event struct {
	ID   string `json:"id"`
	Data struct {
		Headline string `json:"headline"`
	} `json:"data"`
	Trimmed *struct {
		From int64 `json:"from"`
		To   int64 `json:"to"`
	} `json:"trimmed"`
}

// follow prints what comes until the connection ends, and returns the last event's id.
func follow(address, last string) (string, error) {
	url := "http://" + address + "/v1/stream?filter=all/article.new/"
	if last != "" {
		url += "&since=" + last
	}
	answer, err := http.Get(url)
	if err != nil {
		return last, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return last, fmt.Errorf("%s", answer.Status)
	}
	lines := bufio.NewReader(answer.Body)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return last, err
		}
		var e event
		if len(line) < 2 || json.Unmarshal(line, &e) != nil {
			continue // an empty line breaks the silence
		}
		if e.Trimmed != nil {
			fmt.Fprintf(os.Stderr, "events %d to %d are no longer in the log\n", e.Trimmed.From, e.Trimmed.To)
			continue
		}
		fmt.Println(e.Data.Headline)
		last = e.ID
	}
}

func main() {
	address := "127.0.0.1:5580"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	last := ""
	for {
		var err error
		last, err = follow(address, last)
		fmt.Fprintln(os.Stderr, "subscriber:", err)
		time.Sleep(2 * time.Second)
	}
}
