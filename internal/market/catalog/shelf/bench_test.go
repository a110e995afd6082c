package shelf_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/market/catalog/catalogtest"
	"jishi/internal/market/catalog/shelf"
)

var (
	zhWords = []string{"云端", "办公", "财务", "报销", "智能", "客服", "营销", "会员", "仓储", "采购", "生产", "设备", "考勤", "招聘", "合同", "数据", "报表", "安全", "审计", "教育"}
	enWords = []string{"cloud", "office", "finance", "expense", "smart", "service", "marketing", "loyalty", "warehouse", "purchase", "factory", "device", "attendance", "hiring", "contract", "data", "report", "security", "audit", "education"}
)

func productName(i int) (string, string) {
	a, b, c := i%20, i/20%20, i/400%20
	return zhWords[a] + zhWords[b] + "平台" + fmt.Sprint(i), enWords[a] + " " + enWords[b] + " " + enWords[c] + " suite " + fmt.Sprint(i)
}

func shop(b *testing.B, n int) (*shelf.Shelf, []string) {
	d := dbtest.Open(b, db.SQLite)
	m := catalogtest.New(b, d)
	ids := m.Many(b, n, productName)
	s := shelf.New(d, nil, b.TempDir(), nil)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	b.Cleanup(func() { stop(); <-done })
	s.WaitReady(context.Background())
	return s, ids
}

// measure runs fn from 16 clients and reports rate and slow tail.
func measure(b *testing.B, fn func(i int) error) {
	var next atomic.Int64
	var took [16][]time.Duration
	var client atomic.Int64
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		mine := &took[client.Add(1)-1]
		for pb.Next() {
			start := clock.Wall{}.Now()
			if err := fn(int(next.Add(1))); err != nil {
				b.Error(err)
				return
			}
			*mine = append(*mine, clock.Wall{}.Now().Sub(start))
		}
	})
	all := slices.Concat(took[:]...)
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkSearch asks 10,000 products for two terms, every question a new one.
func BenchmarkSearch(b *testing.B) {
	s, _ := shop(b, 10_000)
	measure(b, func(i int) error {
		l, text := i18n.ZH, zhWords[i%20]+" "+zhWords[i/20%20]
		if i%2 == 0 {
			l, text = i18n.EN, enWords[i%20]+" "+enWords[i/20%20]
		}
		_, err := s.List(context.Background(), shelf.Query{Text: text, Page: page.Query{Limit: 20 + i/800%20}}, l)
		return err
	})
}

// BenchmarkList asks for 20 of 1,000 products, by category and order.
func BenchmarkList(b *testing.B) {
	s, _ := shop(b, 1000)
	sorts := []string{"newest", "price_asc", "price_desc", "sales"}
	measure(b, func(i int) error {
		_, err := s.List(context.Background(), shelf.Query{Sort: sorts[i%4]}, i18n.ZH)
		return err
	})
}

// BenchmarkListCold is BenchmarkList without answers from memory.
func BenchmarkListCold(b *testing.B) {
	s, _ := shop(b, 1000)
	measure(b, func(i int) error {
		_, err := s.List(context.Background(), shelf.Query{MinPrice: fmt.Sprintf("0.%02d", i%100), MaxPrice: fmt.Sprint(600 + i/100)}, i18n.ZH)
		return err
	})
}

// BenchmarkProduct opens the pages of 1,000 products.
func BenchmarkProduct(b *testing.B) {
	s, ids := shop(b, 1000)
	measure(b, func(i int) error {
		_, err := s.Product(context.Background(), ids[i%len(ids)], i18n.ZH)
		return err
	})
}
