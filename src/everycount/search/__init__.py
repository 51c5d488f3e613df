"""Finding indicators, areas, policies and pages by words, in any language of the portal.

`static/everycount_hub/search.js` of the hub does the same in a browser. All weights and scores are
whole numbers, so that both give the same order.
"""
