package saas

import (
	"encoding/hex"
	"fmt"
)

func introV1() string {
	return fmt.Sprintf(`Inputs of all examples · 所有示例的输入:

| | |
|---|---|
| Address · 生产地址 | `+"`%s`"+` |
| Key | `+"`%s`"+` |
| Time · 时间 | 2026-01-02T03:04:05.678Z, `+"`timeStamp`"+` `+"`%s`"+` |
| IV | `+"`%s`"+` |

## How a request is signed · 请求签名

1. Take all query parameters but `+"`authToken`"+`, values decoded once. · 取 `+"`authToken`"+` 以外的全部查询参数，值解码一次。
2. Sort by name, join as `+"`name=value`"+` with `+"`&`"+`, nothing encoded. · 按名称升序，用 `+"`&`"+` 连接 `+"`name=value`"+`，不编码。
3. `+"`authToken`"+` = Base64(HMAC-SHA256(key = Key + `+"`timeStamp`"+`, message = that string · 上述字符串)).

On the wire every value is percent-encoded exactly once. · 传输时每个值恰好编码一次。

## How an answer is signed · 应答签名

`+"`Body-Sign: sign_type=\"HMAC-SHA256\", signature=\"…\"`"+` with Base64(HMAC-SHA256(key = Key, message = the body as sent · 实际发送的响应体)).
Sign last: one blank or line feed more is another signature. · 最后才签名，多一个空格或换行签名就不同。

## Encrypted fields · 加密字段

`+"`userName`, `password`"+` of answers and `+"`mobilePhone`, `email`"+` of requests: IV text followed by Base64 of AES-CBC with PKCS#5 padding. The AES
key is what Java's `+"`SecureRandom(\"SHA1PRNG\")`"+` seeded with the Key yields. · AES 密钥由 Java 的 SHA1PRNG 以 Key 为种子派生：

| `+"`encryptType`"+` | AES key (hex) | `+"`admin`"+` |
|---|---|---|
| 1 (AES-256) | `+"`%s`"+` | `+"`%s`"+` |
| 2 (AES-128) | `+"`%s`"+` | `+"`%s`"+` |
`, address, k1, FormatTimeStamp(instant), iv,
		hex.EncodeToString(DeriveKey(k1, 32)), sealed(AES256, "admin"), hex.EncodeToString(DeriveKey(k1, 16)), sealed(AES128, "admin"))
}

func introV2() string {
	return fmt.Sprintf(`Inputs of all examples · 所有示例的输入:

| | |
|---|---|
| Address · 生产地址 | `+"`%s`"+` |
| Key · 密钥 | `+"`%s`"+` |
| `+"`timestamp`"+` | `+"`%s`"+` (2026-01-02T03:04:05.678Z, milliseconds · 毫秒) |
| `+"`nonce`"+` | `+"`%s`"+` |

## How a request is signed · 请求签名

1. The body is compact JSON, names ascending, every value a string. · 报文为紧凑 JSON，名称升序，值全部为字符串。
2. inner = lower-case hex of HMAC-SHA256(key, body). · 对报文计算，小写十六进制。
3. `+"`signature`"+` = hex of HMAC-SHA256(key, key + nonce + timestamp + inner); compare ignoring case. · 比较时忽略大小写。
4. Refuse a timestamp older than 60 s. · 时间戳早于 60 秒的拒绝。

Answers are not signed; user name and password travel as they are, over HTTPS. · 应答不签名，用户名和密码为明文，经 HTTPS 传送。
`, address, k2, t1, n1)
}

// sealed encrypts with the fixed IV.
func sealed(kind EncryptType, plain string) string {
	text, _ := EncryptField(k1, kind, iv, plain) // the IV is a valid one
	return text
}

type title struct{ en, zh, note string }

var activityTitles = map[Activity]title{
	NewInstance:          {"create the instance of an order; the same order is the same instance", "创建实例", "为订单创建实例；同一订单始终是同一实例"},
	QueryInstance:        {"access data and usage of up to 100 instances", "查询实例信息", "查询访问信息和用量，一次最多 100 个实例"},
	RefreshInstance:      {"a new expiry: renewal, conversion of a trial, cancelled renewal", "更新实例", "新的到期时间：续费、试用转正、退续费"},
	ReleaseInstance:      {"delete the instance; a repeat succeeds too", "释放实例", "删除实例；重复调用也成功"},
	ExpireInstance:       {"freeze the instance whose term has ended", "商品过期", "到期冻结"},
	InstanceStatus:       {"freeze or thaw an on-demand instance", "资源状态变更", "冻结或解冻按需实例"},
	Upgrade:              {"another specification or quantity; quantities are new totals", "商品升级", "变更规格或数量；数量为变更后的总数"},
	UpdateInstanceStatus: {"freeze or thaw the instance", "更新实例状态", "冻结或解冻实例"},
	UpgradeInstance:      {"another specification or quantity, to be read by an order query", "实例升级", "变更规格或数量，目标由订单查询获得"},
	OrderNotify:          {"an order line was paid or paid back; read the order by an order query", "订单通知", "订单行已付款或已退款，请通过订单查询接口读取订单"},
	ChangeInstanceCheck:  {"may the renewal change the specification", "续费变更校验", "续费时能否变更规格"},
}

// titlesV1 are the Chinese titles that differ in V1.
var titlesV1 = map[Activity]string{NewInstance: "新购商品", RefreshInstance: "商品续费", ReleaseInstance: "商品资源释放"}

func chinese(g Generation, a Activity) string {
	if zh, ok := titlesV1[a]; ok && g == V1 {
		return zh
	}
	return activityTitles[a].zh
}

var meanings = map[string]struct{ en, zh string }{
	"customerId":       {"buyer's account", "买家账号 ID"},
	"customerName":     {"name of the buyer's account", "买家账号名"},
	"userId":           {"sub-user, if the product asks for it", "IAM 用户 ID，商品要求授权时才有"},
	"userName":         {"name of the sub-user", "IAM 用户名"},
	"mobilePhone":      {"mobile number, encrypted", "手机号，加密"},
	"email":            {"e-mail address, encrypted", "邮箱，加密"},
	"businessId":       {"differs on every request", "业务 ID，每次请求都不同"},
	"orderId":          {"order", "订单"},
	"orderLineId":      {"order line", "订单行"},
	"skuCode":          {"specification", "规格"},
	"productId":        {"price plan; differs per period type", "价格计划，按周期类型不同"},
	"trialFlag":        {"1 is a trial", "1 为试用"},
	"expireTime":       {"expiry, yyyyMMddHHmmss; V1 in business time (UTC+8), V2 in UTC", "到期时间；V1 为业务时区（UTC+8），V2 为 UTC"},
	"chargingMode":     {"0 on demand, 1 period, 3 once, 5 on-demand package", "0 按需，1 包周期，3 按次，5 按需套餐包"},
	"saasExtendParams": {"extension parameters, Base64 of a JSON list", "扩展参数，JSON 数组的 Base64"},
	"amount":           {"quantity", "数量"},
	"diskSize":         {"disk, GB", "硬盘，GB"},
	"bandWidth":        {"bandwidth, Mbit/s", "带宽，Mbit/s"},
	"periodType":       {"unit of the term", "周期类型"},
	"periodNumber":     {"number of periods", "周期数量"},
	"orderAmount":      {"amount really paid", "实付金额"},
	"provisionType":    {"1 with the purchase, 2 after acceptance", "1 购买后开通，2 验收后开通"},
	"testFlag":         {"1 is a debug call", "1 为调测调用"},
	"instanceId":       {"instance; queryInstance takes a comma list", "实例；queryInstance 可用逗号列出多个"},
	"trialToFormal":    {"1 when a trial is converted", "试用转正时为 1"},
	"instanceStatus":   {"what to do", "冻结或解冻"},
	"status":           {"what to do", "冻结或解冻"},
	"scene":            {"why the expiry changes", "更新的原因"},
	"productInfo":      {"target of the change, JSON as text", "变更目标，JSON 文本"},
}
