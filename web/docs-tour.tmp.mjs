import { chromium } from "@playwright/test";
import { mkdir } from "node:fs/promises";
const url="http://127.0.0.1:8310"; const out="/tmp/docs-tour/"; await mkdir(out,{recursive:true});
const b=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu"]});
const {accounts}=await (await fetch(url+"/api/v1/demo")).json();
const T={zh:{email:"邮箱",password:"密码",s:"登录",l:"zh-CN"},en:{email:"E-mail",password:"Password",s:"Sign in",l:"en-US"}};
async function go(lang,who,paths,w=1440){const t=T[lang];const c=await b.newContext({baseURL:url,viewport:{width:w,height:900},locale:t.l,timezoneId:"Asia/Shanghai",reducedMotion:"reduce"});
 await c.addInitScript(v=>localStorage.setItem("jishi_lang",v),lang);const p=await c.newPage();
 p.on("console",m=>{if(m.type()==="error")console.log(lang,p.url(),m.text())});p.on("pageerror",e=>console.log("PAGEERROR",p.url(),e.message));
 if(who){const a=accounts.find(x=>x.email.startsWith(who));await p.goto(who.startsWith("operator")?"/sign-in?as=operator":"/sign-in");await p.getByLabel(t.email,{exact:true}).fill(a.email);await p.getByLabel(t.password,{exact:true}).fill(a.password);await p.getByRole("button",{name:t.s,exact:true}).click();await p.waitForURL(u=>!u.pathname.startsWith("/sign-in"));}
 for(const [n,path] of paths){await p.goto(path);await p.waitForLoadState("networkidle");await p.waitForTimeout(300);
  const h=await p.evaluate(()=>document.documentElement.scrollHeight);await p.setViewportSize({width:w,height:Math.min(Math.max(h,900),2600)});await p.waitForTimeout(200);
  const over=await p.evaluate(()=>document.documentElement.scrollWidth-innerWidth);if(over>0)console.log("OVERFLOW",path,over);
  await p.screenshot({path:`${out}${n}-${lang}-${w}.png`});await p.setViewportSize({width:w,height:900});}
 await c.close();}
for(const job of JSON.parse(process.argv[2]))await go(...job);
await b.close();
