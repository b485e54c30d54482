// require() loads the same modules as import.
const { WebHost } = require('windhover')
const { TestServer } = require('@windhover/testing')

import('windhover').then(imported => {
  console.log(imported.WebHost === WebHost, typeof TestServer)
})
