'use strict'

module.exports = url => import(url)
