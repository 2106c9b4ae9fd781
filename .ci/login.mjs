// A certified OpenID provider (npm oidc-provider) on any free loopback port, for the tests of the log-in: it prints its
// issuer on a line of its own and serves until its standard input ends. Whoever logs in as "weak" comes with a weak
// level, and "nobody" is refused. It signs with RS256 and tells the details of a person as a signed token.
//
// usage: node login.mjs FOLDER, where FOLDER/node_modules has oidc-provider
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(`${process.argv[2]}/here.js`)
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')))

const STRONG = 'urn:be:fedict:iam:fas:Level500'
const WEAK = 'urn:be:fedict:iam:fas:Level100'
const PERSON = { given_name: 'Lou', family_name: 'Exemple', egovNRN: '85031496137' }

const page = (response, title, field) => response.setHeader('content-type', 'text/html').end(
  `<!doctype html><title>${title}</title><form method="post">${field}<button>Go on</button></form>`)

const body = async (request) => {
  const parts = await request.toArray()
  return new URLSearchParams(Buffer.concat(parts).toString())
}

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'passerelle',
      client_secret: 'a secret: with signs & spaces',
      redirect_uris: ['https://passerelle.example/login/return'],
      post_logout_redirect_uris: ['https://passerelle.example/'],
      userinfo_signed_response_alg: 'RS256',
    }],
    acrValues: [STRONG, WEAK],
    claims: { openid: ['sub'], profile: ['given_name', 'family_name'], egovnrn: ['egovNRN'] },
    cookies: { keys: ['only for tests'] },
    features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true } },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...PERSON }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  })

  const interact = async (request, response) => {
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
    if (request.method !== 'POST') {
      return page(response, prompt.name, prompt.name === 'login' ? '<input name="account">' : '')
    }
    const form = await body(request)
    if (form.get('account') === 'nobody') {
      return provider.interactionFinished(request, response, { error: 'access_denied' })
    }
    if (prompt.name === 'login') {
      const accountId = form.get('account')
      const acr = accountId === 'weak' ? WEAK : STRONG
      return provider.interactionFinished(request, response, { login: { accountId, acr } })
    }
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
    grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(' '))
    grant.addOIDCClaims(prompt.details.missingOIDCClaims ?? [])
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
  }

  const serve = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return serve(request, response)
    interact(request, response).catch((error) => {
      console.error(error)
      response.writeHead(500).end()
    })
  })
  console.log(issuer)
})
process.stdin.resume().on('end', () => process.exit(0))
